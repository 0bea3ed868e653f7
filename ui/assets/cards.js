// Questions and their answers.

function askQuestion(question, known) {
  const text = (question || "").trim();
  if (!text) return;
  if (state.waiting) return toast("The previous question is still being answered: wait for it, or stop it.", "note");
  closeSide();
  const turn = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
  const card = make("article", "turn");
  card.dataset.turn = turn;
  const asked = make("div", "question");
  asked.append(make("p", "", text));
  const pending = make("div", "card pending");
  pending.append(make("span", "pulse"), make("span", "words", "Reading the question"));
  card.append(asked, pending);
  turns.append(card);
  find(".welcome").hidden = true;
  startWaiting(turn, pending);
  scrollTo(card);
  send.ask({ turn, question: text, ...known });
}

function startWaiting(turn, pending) {
  const since = performance.now();
  const clock = setInterval(() => {
    const seconds = Math.round((performance.now() - since) / 1000);
    if (seconds >= 2) find(".words", pending).textContent = "Still working, " + seconds + " s. A query that takes too long stops by itself.";
    if (seconds >= 120) {
      find(".words", pending).textContent = "No answer came. Is the server still running?";
      endWaiting(turn);
    }
  }, 500);
  state.waiting = { turn, clock };
  showWaiting(true);
}

function endWaiting(turn) {
  if (!state.waiting || state.waiting.turn !== turn) return;
  clearInterval(state.waiting.clock);
  state.waiting = null;
  showWaiting(false);
}

function turnOf(name) {
  return all(".turn").find((card) => card.dataset.turn === name);
}

function showTurn(message) {
  const card = turnOf(message.turn);
  endWaiting(message.turn);
  if (!card) return;
  card.innerHTML = message.html;
  scrollTo(card);
}

function showRows(message) {
  const card = turnOf(message.turn);
  if (!card) return;
  const sorted = all("th", card).map((head) => head.getAttribute("aria-sort"));
  find(".rows-box", card).innerHTML = message.html;
  all("th", card).forEach((head, i) => { if (sorted[i]) head.setAttribute("aria-sort", sorted[i]); });
}

function showJudgement(message) {
  const card = turnOf(message.turn);
  if (!card) return;
  closeWording(card);
  for (const button of all("footer [data-act=good], footer [data-act=bad]", card)) {
    button.classList.toggle("chosen", button.dataset.act === message.act);
  }
}

function showWording(message) {
  const card = turnOf(message.turn);
  if (!card) return;
  closeWording(card);
  find("footer", card).insertAdjacentHTML("beforebegin", message.html);
  find(".wording input", card).select();
}

function closeWording(card) {
  for (const form of all(".wording", card)) form.remove();
}

function saveWording(form) {
  const card = form.closest("[data-turn]"), text = form.elements.words.value;
  setBusy(card);
  send.act({ act: "good", turn: card.dataset.turn, text });
}

function showTopic() {
  if (turns.lastElementChild.matches(".turn")) turns.append(make("p", "topic", "New topic"));
  focusQuestion();
}

// the question stays in sight, and as much of its answer as there is room for
function scrollTo(card) {
  const view = find(".scroll");
  requestAnimationFrame(() => { view.scrollTop = card.offsetTop - 16; });
}

// numbers and dates carry a number to sort by; a second click turns the order round
function sortTable(button) {
  const head = button.closest("th"), table = button.closest("table"), card = button.closest("[data-turn]");
  const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && head.classList.contains("number"));
  for (const other of all("th", table)) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  if (table.dataset.partial) {
    setBusy(card);
    return send.act({ act: "sort", turn: card.dataset.turn, index: Number(button.dataset.index), down });
  }
  const column = head.cellIndex, body = find("tbody", table);
  const key = (row) => row.cells[column].dataset.sort;
  const rows = [...body.rows].sort((a, b) => {
    const missing = a.cells[column].classList.contains("missing") - b.cells[column].classList.contains("missing");
    if (missing) return missing;
    const order = key(a) !== undefined && key(b) !== undefined
      ? Number(key(a)) - Number(key(b)) : a.cells[column].textContent.localeCompare(b.cells[column].textContent);
    return down ? -order : order;
  });
  body.append(...rows);
}

function toggleEditor(button, open) {
  const box = button.closest("details.sql");
  find(".editor", box).hidden = !open;
  find("pre", box).hidden = open;
  find(":scope > .tools", box).hidden = open;
  if (open) find("textarea", box).focus();
}

function runEdited(button) {
  const card = button.closest("[data-turn]");
  setBusy(card);
  send.act({ act: "run", turn: card.dataset.turn, text: find(".editor textarea", card).value });
}
