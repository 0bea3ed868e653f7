// Beside the conversation: tables, history, files, the day, and how it looks.

const PAST = "nl2sql-past", THEME = "nl2sql-theme", PAST_KEPT = 200;

function showDatabase(message) {
  const other = state.session && state.database !== message.name;
  Object.assign(state, { session: message.session, database: message.name });
  find(".about").innerHTML = message.about;
  find(".schema").innerHTML = message.tables;
  find(".picture > div").innerHTML = message.picture;
  find(".day input").value = message.day;
  find(".back-to-sample").hidden = !message.uploaded;
  showExamples(message.examples);
  if (other) {
    for (const old of all(".turn, .topic")) old.remove();
    find(".welcome").hidden = false;
    toast("Now asking " + message.name + ".", "note");
  }
  showPast();
}

const ENOUGH = 6, TRIES = 12;

// the questions of a new database are still being made when it is first shown
async function showExamples(texts, tries = TRIES) {
  const asked = state.session + state.database;
  find(".examples").replaceChildren(...texts.map((text) => {
    const button = make("button", "choice", text);
    button.type = "button";
    Object.assign(button.dataset, { act: "ask", text });
    return button;
  }));
  for (let left = tries; texts.length < ENOUGH && left > 0; left--) {
    await new Promise((done) => setTimeout(done, 2500));
    if (asked !== state.session + state.database || find(".welcome").hidden) return;
    const more = await server.starters({ session: state.session }).catch(() => []);
    if (more.length > texts.length) return showExamples(more, left - 1);
  }
}

// tabs
element.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab) return;
  for (const other of all("[data-tab]")) other.setAttribute("aria-selected", String(other === tab));
  for (const panel of all("[data-panel]")) panel.hidden = panel.dataset.panel !== tab.dataset.tab;
});

find(".filter").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const entry of all(".entry")) entry.hidden = !words.every((word) => entry.dataset.name.includes(word));
});

function closeSide() {
  element.classList.remove("side-open");
}

function togglePicture() {
  const dialog = find("dialog.picture");
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

// files: dropped anywhere, or chosen
const chooser = find(".drop input");
chooser.addEventListener("change", () => { openFiles([...chooser.files]); chooser.value = ""; });
find(".drop").addEventListener("keydown", (event) => { if (event.key === "Enter") chooser.click(); });
for (const name of ["dragenter", "dragover"]) {
  element.addEventListener(name, (event) => { event.preventDefault(); find(".drop").classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) element.addEventListener(name, () => find(".drop").classList.remove("over"));
element.addEventListener("drop", (event) => { event.preventDefault(); openFiles([...event.dataTransfer.files]); });

async function openFiles(files) {
  if (!files.length) return;
  showOpening("Reading " + files.map((file) => file.name).join(", ") + " …");
  try {
    const sent = await Promise.all(files.map((file) => upload(file)));
    send.open({ paths: sent.map((one) => one.path) });
  } catch {
    toast("That could not be uploaded: it may be too large.", "problem");
    showOpening("");
  }
}

// what is being read stands in place of the invitation to drop files
function showOpening(words) {
  const drop = find(".drop"), hint = find(".drop span");
  drop.dataset.hint ||= hint.textContent;
  drop.classList.toggle("busy", Boolean(words));
  hint.textContent = words || drop.dataset.hint;
}

find(".day input").addEventListener("change", (event) => send.act({ act: "day", turn: "", text: event.target.value }));

// history: kept by the browser alone
function past() {
  try {
    return JSON.parse(localStorage.getItem(PAST) || "[]");
  } catch {
    return [];
  }
}

function rememberQuestion(message) {
  const { question, sql, as_of, database } = message;
  const entry = { question, sql, as_of, database, when: new Date().toISOString() };
  const others = past().filter((one) => one.question !== entry.question || one.database !== entry.database);
  localStorage.setItem(PAST, JSON.stringify([entry, ...others].slice(0, PAST_KEPT)));
  showPast();
}

function showPast() {
  const mine = past().filter((one) => one.database === state.database);
  const entries = mine.map((one) => {
    const button = make("button", "past-entry");
    button.type = "button";
    button.dataset.act = "again";
    button.title = "Run its SQL again";
    Object.assign(button.dataset, { question: one.question, sql: one.sql, day: one.as_of || "" });
    button.append(make("span", "", one.question), make("small", "", new Date(one.when).toLocaleString()));
    return button;
  });
  find(".past").replaceChildren(...(entries.length ? entries : [make("p", "comment", "What you ask is listed here, on this computer only.")]));
}

function askAgain(button) {
  askQuestion(button.dataset.question, { sql: button.dataset.sql, as_of: button.dataset.day });
}

function exportPast() {
  const text = JSON.stringify(past(), null, 2);
  saveBytes(new TextEncoder().encode(text), "application/json", "questions.json");
}

function clearPast() {
  localStorage.setItem(PAST, JSON.stringify(past().filter((one) => one.database !== state.database)));
  showPast();
}

// dark or light: the system's choice until another is made here
function toggleTheme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem(THEME, dark ? "dark" : "light");
}

const chosenTheme = localStorage.getItem(THEME);
if (chosenTheme) document.body.classList.toggle("dark", chosenTheme === "dark");
