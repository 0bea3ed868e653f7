// The question box: it grows with the text, completes what is typed, and sends with Enter.

const form = find(".composer");
const box = find("textarea", form);
const list = find(".suggestions", form);
let chosen = -1, typed = 0;

form.addEventListener("submit", (event) => { event.preventDefault(); submitQuestion(); });
box.addEventListener("input", () => { grow(); suggest(); });
box.addEventListener("blur", () => setTimeout(hideSuggestions, 150));
list.addEventListener("mousedown", (event) => {
  const item = event.target.closest("li");
  if (item) { event.preventDefault(); takeSuggestion(item.dataset.text); }
});

box.addEventListener("keydown", (event) => {
  const open = !list.hidden;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (open && chosen >= 0) takeSuggestion(list.children[chosen].dataset.text);
    else submitQuestion();
  } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const count = list.children.length, step = event.key === "ArrowDown" ? 1 : -1;
    choose((chosen + step + count + 1) % (count + 1) === count ? -1 : (chosen + step + count + 1) % (count + 1));
  } else if (open && event.key === "Tab" && chosen >= 0) {
    event.preventDefault();
    takeSuggestion(list.children[chosen].dataset.text);
  } else if (event.key === "Escape") {
    hideSuggestions();
  }
});

function submitQuestion() {
  const text = box.value;
  hideSuggestions();
  if (!text.trim() || state.waiting) return;
  box.value = "";
  grow();
  askQuestion(text);
}

function grow() {
  box.style.height = "auto";
  box.style.height = Math.min(box.scrollHeight, 180) + "px";
}

// only the newest answer counts; the server has 50 ms for it
function suggest() {
  const mine = ++typed, prefix = box.value;
  if (prefix.trim().length < 2) return hideSuggestions();
  setTimeout(async () => {
    if (mine !== typed) return;
    const found = await server.suggest({ session: state.session, prefix }).catch(() => []);
    if (mine === typed && document.activeElement === box) showSuggestions(found);
  }, 40);
}

function showSuggestions(found) {
  list.replaceChildren(...found.map((one, i) => {
    const item = make("li", one.verified ? "verified" : "", one.question);
    item.dataset.text = one.question;
    item.id = "suggestion-" + i;
    item.setAttribute("role", "option");
    return item;
  }));
  list.hidden = !found.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  choose(-1);
}

function choose(index) {
  chosen = index;
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
  if (index >= 0) box.setAttribute("aria-activedescendant", "suggestion-" + index);
  else box.removeAttribute("aria-activedescendant");
}

function hideSuggestions() {
  typed++;
  list.hidden = true;
  chosen = -1;
  box.setAttribute("aria-expanded", "false");
}

function takeSuggestion(text) {
  hideSuggestions();
  box.value = text;
  grow();
  focusQuestion();
}

function insertWords(words) {
  const start = box.selectionStart, before = box.value.slice(0, start), after = box.value.slice(box.selectionEnd);
  const gap = before && !/\s$/.test(before) ? " " : "", behind = after && !/^\s/.test(after) ? " " : "";
  box.value = before + gap + words + behind + after;
  grow();
  focusQuestion();
  const end = (before + gap + words).length;
  box.setSelectionRange(end, end);
}

function focusQuestion() {
  box.focus();
}

function showWaiting(waiting) {
  find(".send", form).hidden = waiting;
  find(".stop", form).hidden = !waiting;
}
