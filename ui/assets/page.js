// The page's one entry: messages from the server are put in place, clicks become events.
// Gradio hands in: element, trigger(event, data), props, server, upload(file), watch(name, callback).
// What the server sends as html was escaped there; all else goes through textContent.

const find = (selector, root = element) => root.querySelector(selector);
const all = (selector, root = element) => [...root.querySelectorAll(selector)];
const turns = find(".turns");
const state = { session: "", database: "", waiting: null };

const operations = {
  turn: showTurn,
  rows: showRows,
  judged: showJudgement,
  wording: showWording,
  topic: showTopic,
  database: showDatabase,
  remember: rememberQuestion,
  download: saveFile,
  copy: (message) => copyText(message.text, message.what),
  toast: (message) => toast(message.text, message.kind),
  opened: () => showOpening(""),
};

watch("value", () => {
  const pack = JSON.parse(props.value || "{}");
  for (const message of pack.messages || []) operations[message.op](message);
  if (pack.number) clearBusy();
});

// what the server does, each with what it needs to know
const send = {
  ask: (data) => trigger("ask", { ...data, session: state.session, database: state.database }),
  act: (data) => trigger("act", data),
  open: (data) => trigger("open", data),
  stop: () => trigger("stop", {}),
};

// what the page does by itself; every other button is the server's
const local = {
  ask: (button) => askQuestion(button.dataset.text),
  insert: (button, event) => { event.preventDefault(); insertWords(button.dataset.text); closeSide(); },
  copy: (button) => copyText(find("pre", button.closest("details")).textContent, "SQL"),
  edit: (button) => toggleEditor(button, true),
  unedit: (button) => toggleEditor(button, false),
  run: (button) => runEdited(button),
  unword: (button) => closeWording(button.closest("[data-turn]")),
  sort: (button) => sortTable(button),
  again: (button) => askAgain(button),
  stop: () => send.stop(),
  side: () => element.classList.toggle("side-open"),
  picture: () => togglePicture(),
  theme: () => toggleTheme(),
  "export-past": () => exportPast(),
  "clear-past": () => clearPast(),
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || !element.contains(button)) return;
  const act = button.dataset.act;
  if (local[act]) return local[act](button, event);
  const turn = button.closest("[data-turn]");
  const index = "index" in button.dataset ? Number(button.dataset.index) : undefined;
  if (turn) setBusy(turn);
  send.act({ act, turn: turn ? turn.dataset.turn : "", index });
});

element.addEventListener("submit", (event) => {
  if (!event.target.matches(".wording")) return;
  event.preventDefault();
  saveWording(event.target);
});

// a card whose button is at work; what takes long can be stopped like a question
function setBusy(turn) {
  turn.classList.add("busy");
  showWaiting(true);
}

function clearBusy() {
  for (const turn of all(".turn.busy")) turn.classList.remove("busy");
  showWaiting(Boolean(state.waiting));
}

function toast(text, kind) {
  const box = find(".toast");
  box.textContent = text;
  box.className = "toast " + kind;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, kind === "problem" ? 7000 : 4000);
}

function make(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", "", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(what + " copied.", "note");
}

function saveFile(message) {
  const bytes = Uint8Array.from(atob(message.body), (letter) => letter.charCodeAt(0));
  saveBytes(bytes, message.type, message.name);
}

function saveBytes(bytes, type, name) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
