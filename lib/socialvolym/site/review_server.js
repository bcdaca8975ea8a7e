// The review page: shows one question beside the document, and sends each decision at once. All text of a document is set as
// text, never as markup.
"use strict";
const token = document.body.dataset.token;
const at = (id) => document.getElementById(id);
// looking: whether a question is shown though all are settled. warned: the answer that has been asked for of what is settled.
// refused: the answer that would take a finding of the audit out.
let state, question = 0, part = -1, cell = null, looking = false, warned = null, refused = null;

// What is asked for while a decision is being stored waits for it: otherwise its answer would close what a fast hand has opened.
let doing = Promise.resolve();
function inTurn(act) { doing = doing.then(act).catch((error) => { at("said").textContent = error.message; }); }

function make(name, given = {}, ...inner) {
  const node = Object.assign(document.createElement(name), given);
  node.append(...inner);
  return node;
}

async function ask(path, body) {
  const how = { headers: { "X-Token": token } };
  if (body !== undefined) Object.assign(how, { method: "POST", body: JSON.stringify(body) });
  const answer = await fetch(path, how);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

const word = (group, name) => state.words[group][name] || name;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const isOpen = (one) => one.parts.some((each) => each.open);
const current = () => state.questions[question];
const cellsOf = (one) => [...new Set(one.parts.flatMap((each) => each.cells))].map((number) => state.cells[number]);
// A figure as it is printed, with the sign that the words around it give.
const printed = (one) => (one.sign === "-" && !/^[-–−(]/.test(one.text) ? "−" : "") + one.text;
const place = (one) => (one.page ? `${word("heading", "page")} ${one.page}` : `${word("heading", "line")} ${one.line}`);
const heading = (one) => (one.table ? `${one.table}: ${word("about", one.about)}`
  : `${word("about", "sentence")}, ${place(cellsOf(one)[0])}: ${cellsOf(one).map(printed).join("; ")}`);

function where(each) {
  const first = state.cells[each.cells[0]];
  const name = { row: each.label, column: each.place.column, table: word("scope", "table") }[each.scope]
    || (first.table ? [each.label, each.place.column, printed(first)] : [printed(first)]).filter(Boolean).join(" | ");
  // What is decided shows what was decided, not what had been read.
  const reads = Object.entries(each.reads).map(([aspect, [, shown]]) => (each.open ? shown : first.reads[aspect]));
  return `${name || "–"}: ${reads.map((shown) => shown || "?").join(", ")}`;
}

// What the figures measure that a decision is of, where that is not what is asked: all of it, since whoever accepts takes that as well.
function measuresOf(each) {
  if ("measure" in each.reads) return "";
  const names = [...new Set(each.cells.map((number) => state.cells[number]).map((one) => [one.reads.measure || "?", one.breakdown].filter(Boolean).join(": ")))];
  return filled(word("page", "of"), { measures: names.join(", ") });
}

const isRead = (each) => Object.values(each.reads).every(([value]) => value !== null);
// How what was read is offered: as a proposal, which Enter takes with others; as a guess, which it takes by itself; or not at all.
const offered = (each) => word("page", !each.open ? "settled" : !isRead(each) ? "unknown" : each.proposed ? "proposal" : "guess");
const say = (name, values = {}) => { at("said").textContent = filled(word("page", name), values); };

const settles = (count) => (count === 1 ? word("page", "settles_one") : filled(word("page", "settles"), { count }));

function show() {
  const waiting = state.cells.filter((each) => each.state === "waiting").length;
  const left = state.questions.filter(isOpen).length;
  const counts = { settled: state.cells.length - waiting, all: state.cells.length, count: left };
  at("title").textContent = state.title;
  at("progress").textContent = `${filled(word("page", "progress"), counts)}. ${filled(word("page", left > 1 ? "left" : left ? "left_one" : "done"), counts)}`;
  at("misfits").replaceChildren(...state.misfits.map((text, number) => make("li", {}, filled(word("page", "misfit"), { misfit: text }), " ",
    make("button", { textContent: word("page", "forget"), onclick: () => inTurn(() => tell(`forget/${number}`, {})) }))));
  at("queue-title").textContent = word("page", "queue");
  at("queue").replaceChildren(...state.questions.map((one, number) => make("li", {
    className: (number === question ? "now " : "") + (isOpen(one) ? "" : "done"),
  }, make("button", { textContent: heading(one), onclick: () => go(number) }))));
  at("actions").replaceChildren();
  at("question").replaceChildren();
  if (!left && !looking) return showDone();
  const one = current();
  const aim = aimed();
  const lines = one.parts.map((each, number) => make("li", {
    className: (aim.includes(each) ? "now " : "") + (each.open ? "" : "done"), onclick: () => choose(number),
  }, make("strong", { textContent: where(each) }), " ", make("em", { textContent: offered(each) }), " ",
  make("span", { className: "why", textContent: `(${[each.why, measuresOf(each), settles(each.cells.length)].filter(Boolean).join("; ")})` })));
  at("question").append(make("h2", { textContent: heading(one) }), make("ul", {}, ...lines));
  at("actions").append(...acts(one).map(([key, name, act]) => make("button", { onclick: () => inTurn(act) }, make("kbd", { textContent: key }), " " + word("page", name))));
  const asked = aim[0] || one.parts[0];
  showTable(state.cells[asked.cells[0]], new Set((aim.length ? aim : one.parts).flatMap((each) => each.cells)));
  showDocument(asked.cells[0]);
}

function showDone() {
  at("question").append(make("h2", { textContent: word("page", "done") }), make("p", { textContent: word("page", "then") }),
    make("p", { className: "why", textContent: word("page", "still") }));
  cell = cell ?? 0;
  if (state.cells.length) showTable(state.cells[cell]);
}

function showTable(shown, asked = new Set()) {
  const own = state.cells.map((each, number) => ({ ...each, number })).filter((each) => (shown.table ? each.table === shown.table : each.line === shown.line || asked.has(each.number)));
  const columns = [...new Set(own.map((each) => each.column_label || ""))];
  const rows = new Map();
  for (const each of own) {
    // Lines of one label are one row where they have different columns: a year each.
    const named = JSON.stringify([each.group, each.row_label]), taken = rows.get(named)?.cells[each.column_label || ""];
    const key = taken && taken[0].line !== each.line ? JSON.stringify([each.line, each.group, each.row_label]) : named;
    if (!rows.has(key)) rows.set(key, { head: [each.group, each.row_label].filter(Boolean).join(": "), cells: {} });
    (rows.get(key).cells[each.column_label || ""] ||= []).push(each);
  }
  const body = [...rows.values()].map((row) => make("tr", {}, make("th", { textContent: row.head, scope: "row" }), ...columns.map((column) => {
    const each = (row.cells[column] || [])[0];
    if (!each) return make("td");
    const told = [each.text, ...Object.values(each.reads), each.breakdown, word("certainty", each.certainty)].filter(Boolean).join("; ");
    return make("td", { className: `${each.state} ${asked.has(each.number) ? "asked" : ""}`, title: told },
      make("button", { textContent: each.text || "–", ariaLabel: told, onclick: () => edit(each.number) }));
  })));
  at("grid").replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, make("th"), ...columns.map((name) => make("th", { textContent: name, scope: "col" })))),
    make("tbody", {}, ...body)));
}

async function showDocument(number) {
  const place = at("document");
  if (!state.document) { place.textContent = word("page", "no_document"); return; }
  const found = await ask(`around/${number}`);
  if (found.page) {
    const marks = found.boxes.map(([left, top, right, bottom]) => {
      const mark = make("i");
      Object.assign(mark.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%`, height: `${(bottom - top) * 100}%` });
      return mark;
    });
    const picture = make("img", { alt: `${word("heading", "page")} ${found.page}`, src: `page/${found.page}?token=${token}` });
    picture.onload = () => marks[0]?.scrollIntoView({ block: "center" });
    place.replaceChildren(make("div", { className: "sheet" }, picture, ...marks));
  } else {
    const line = state.cells[number].line;
    const lines = found.lines.map((text, index) => make("span", { className: found.first + index === line ? "here" : "", textContent: `${found.first + index}\t${text}\n` }));
    place.replaceChildren(make("pre", {}, ...lines));
    place.querySelector(".here")?.scrollIntoView({ block: "center" });
  }
}

// Of a question all open parts are aimed at where one of them is proposed, else the first, so that a guess is looked at by itself.
function rest() {
  const open = current().parts.flatMap((each, number) => (each.open ? [number] : []));
  return open.length === 1 || (open.length && !open.some((number) => current().parts[number].proposed)) ? open[0] : -1;
}
function go(number) { question = number; part = rest(); cell = null; looking = true; warned = null; close(); show(); }
function next() { step(1); }
function previous() { step(-1); }
function step(by) {
  const count = state.questions.length;
  for (let tried = 1; tried <= count; tried += 1) {
    const number = (question + by * tried + count * tried) % count;
    if (isOpen(state.questions[number])) return go(number);
  }
  // Nothing is open: through what is settled, and back to the page that says so.
  const number = looking ? question + by : by > 0 ? 0 : count - 1;
  if (number >= 0 && number < count) return go(number);
  looking = false; question = 0; close(); show();
}
function choose(number) { part = number; warned = null; show(); }
// The next open part, after the last all of them again.
function chooseNext(by) {
  const open = current().parts.flatMap((each, number) => (each.open ? [number] : []));
  const stops = open.length ? [...(open.length > 1 ? [-1] : []), ...open] : current().parts.map((_, number) => number);
  const after = stops.findIndex((number) => number > part), before = stops.findLastIndex((number) => number < part);
  choose(stops.at(by > 0 ? Math.max(after, 0) : before));
}
function aimed() { return part < 0 ? current().parts.filter((each) => each.open) : current().parts.slice(part, part + 1); }

// What is settled is changed only by a second press, after the page has said so.
function isWarned(key) {
  const settled = aimed().find((each) => !each.open);
  const asked = JSON.stringify([key, question, part]);
  if (!aimed().length) { say("nothing_open"); return true; }
  if (!settled || warned === asked) return false;
  warned = asked;
  say("again", { what: where(settled), key });
  return true;
}

// Sends what changes the state, and shows it, at the open part `by` parts on; false where it is refused.
async function tell(path, body, by = 0) {
  at("said").textContent = "";
  warned = null;
  try { state = await ask(path, body); } catch (error) { at("said").textContent = error.message; return false; }
  close();
  if (!state.questions.length || !state.questions.some(isOpen)) { looking = false; show(); return true; }
  if (!isOpen(current())) { step(1); return true; }
  const after = current().parts.findIndex((each, number) => each.open && number >= part + by);
  part = part < 0 || after < 0 ? rest() : after;
  show();
  return true;
}

// Questions whose acceptance takes figures out: the words of the buttons that accept it and that keep them.
const OUT = { whose: ["not_a_figure", "ours"], replaced: ["replaced", "holds"] };

// What can be done with a question: the key, the word of its button (answers.toml), and what it does.
function acts(one) {
  const [out, kept] = (one && OUT[one.about]) || [];
  return [["Enter", out || "accept", accept], ["n", "next", next], ["p", "previous", previous], ["↓", "part", () => chooseNext(1)],
    ["d", "apart", partIt], ["e", "edit", () => edit()], ["m", "choose", measureOf], ["x", "not_a_figure", () => decide("bort", "x")], ["u", "unread", () => decide("oläst", "u")],
    ["r", "replaced", () => decide("ersatt", "r")], ["z", "undo", undo], ...(out ? [["o", kept, () => decide("egen", "o")]] : [])];
}
function send(keys, verdict, answers = {}, anyway = false) { return tell("decide", { keys, verdict, answers, anyway }, 1); }
// What is refused since a finding of the audit would go with it is done by a second press.
async function decide(verdict, key) {
  if (isWarned(key)) return;
  const press = JSON.stringify([key, question, part]), again = refused === press;
  const done = await send(aimed().map((each) => each.key), verdict, {}, again);
  refused = done || again ? null : press;
}
async function accept() {
  if (isWarned("Enter")) return;
  if (OUT[current().about]) return decide("ja", "Enter");
  const list = aimed(), number = question;
  const ready = list.filter((each) => isRead(each) && (each.proposed || list.length === 1));
  if (ready.length && !(await send(ready.map((each) => each.key), "ja"))) return;
  if (ready.length === list.length || question !== number) return;
  part = current().parts.findIndex((each) => each.open);
  show();
  const [each] = aimed();
  if (!each) return;
  if (isRead(each)) say("guessed", { what: where(each) }); else edit();
}
async function undo() {
  const before = state.questions.map(isOpen);
  if (!(await tell("undo", {}))) return;
  const back = state.questions.findIndex((one, number) => isOpen(one) && before[number] === false);
  if (back >= 0) go(back);
}
function partIt() {
  const keys = aimed().filter((each) => each.parts).map((each) => each.key);
  if (!keys.length) return say("whole_part");
  part = Math.max(part, 0);
  return tell("part", keys);
}

function measureOf() {
  if (isWarned("m")) return;
  const each = aimed()[0];
  if ("measure" in each.reads) edit(null, "measure"); else edit(each.cells[0], "measure");
}

function close() { at("edit").hidden = true; at("edit").replaceChildren(); document.activeElement.blur(); }

// The field for a measure: its hits are shown while one types, Enter takes the marked one and shows what it is, a second Enter saves.
function measureField(shown) {
  const input = make("input", { placeholder: shown, autocomplete: "off", title: `${word("page", "search")}. ${word("page", "take")}`, role: "combobox", ariaExpanded: "true" });
  const found = make("div", { id: "found", role: "listbox" });
  input.setAttribute("aria-controls", "found");
  let hits = [], mark = -1, moved = false, chosen = null, asked = null;
  const told = (one) => `${one.title} (${one.unit || "–"}${one.composed ? `; ${word("page", "composed")}` : ""})`;
  const take = (one) => {
    chosen = one; input.value = one.title; hits = []; mark = -1; asked = one.title;
    found.replaceChildren(make("p", { className: "taken", textContent: filled(word("page", "taken"), { ...one, unit: one.unit || "–" }) }));
    input.focus();
  };
  const move = (to) => {
    const options = [...found.querySelectorAll("[role=option]")];
    mark = Math.max(-1, Math.min(to, options.length - 1));
    options.forEach((option, number) => { option.ariaSelected = String(number === mark); });
    input.setAttribute("aria-activedescendant", mark < 0 ? "" : options[mark].id);
    options[mark]?.scrollIntoView({ block: "nearest" });
  };
  const list = () => {
    const option = (text, title, act, number) => make("button", { type: "button", tabIndex: -1, role: "option", id: `hit-${number}`, textContent: text, title, onclick: act });
    found.replaceChildren(...(hits.length ? [] : [make("p", { textContent: word("page", "none_found") })]),
      ...hits.map((one, number) => option(told(one), one.definition, () => take(one), number)),
      option(`${state.words.measures.new} …`, state.words.measures.form, () => found.replaceChildren(newMeasure(take)), hits.length));
    move(input.value.trim() && hits.length ? 0 : -1);
    found.scrollIntoView({ block: "nearest" });
  };
  const look = async () => {
    const text = input.value;
    if (chosen && chosen.title === text) return;
    chosen = null;
    const answer = await ask(`search?q=${encodeURIComponent(text)}`);
    if (text !== input.value) return;
    // What somebody has moved to stays marked when a list that was asked for before comes late, also where that list lacks it.
    const kept = moved ? hits[mark] : null;
    const place = answer.findIndex((one) => one.title === kept?.title);
    hits = kept && place < 0 ? [kept, ...answer] : answer; asked = text; list();
    if (kept) move(Math.max(place, 0));
  };
  input.oninput = () => { moved = false; return look(); };
  input.onfocus = () => { if (asked === null) look(); };
  input.onkeydown = async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); moved = true; return move(mark + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (chosen || (!input.value.trim() && mark < 0)) return at("edit").requestSubmit();
    // A fast hand has typed on since the list was made: then it is shown first.
    if (asked !== input.value) await look();
    found.querySelectorAll("[role=option]")[mark]?.click();
  };
  return [input, found];
}

// A measure that nobody has listed, of an activity, a quantity, whom and when, and words of one's own.
function newMeasure(take) {
  const names = ["activity", "quantity", "population", "time"];
  const fields = Object.fromEntries(names.map((name) => [name, make("select", {}, make("option", { value: "", textContent: "" }),
    ...state.measure_parts[name].map((text) => make("option", { value: text, textContent: text })))]));
  fields.words = make("input", { autocomplete: "off" });
  const use = async () => {
    const said = Object.entries(fields).map(([name, field]) => `${name}=${encodeURIComponent(field.value)}`).join("&");
    try { take(await ask(`compose?${said}`)); } catch (error) { at("said").textContent = error.message; }
  };
  const title = (name) => (name === "words" ? state.words.measures.words : state.words.measures[name].split(": ").at(-1));
  const box = make("fieldset", { className: "new" }, make("legend", { textContent: state.words.measures.new }),
    ...Object.entries(fields).map(([name, field]) => make("label", {}, title(name), field)), make("button", { type: "button", textContent: word("page", "use"), onclick: use }));
  box.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); use(); } };
  setTimeout(() => fields.activity.focus());
  return box;
}

// The form for one part, or for one cell: what is left empty stays as it was read.
function edit(number = null, first = null) {
  at("said").textContent = "";
  const each = number === null ? aimed()[0] || current().parts[0] : null;
  cell = number;
  const shown = state.cells[number ?? each.cells[0]];
  const unread = number === null ? Object.keys(each.reads).find((name) => each.reads[name][0] === null) : null;
  const about = unread || (number === null && each.reads[current().about] ? current().about : "period");
  const field = (name, input) => { input.name = name; return make("label", {}, word("about", name), input); };
  const options = (pairs, now) => make("select", {}, make("option", { value: "", textContent: now ? `(${now})` : "" }), ...pairs.map(([value, text]) => make("option", { value, textContent: text })));
  const [measure, found] = measureField(shown.reads.measure);
  const form = at("edit");
  // What is asked, and what else may be wrong that its figures share; of one figure all that can be said of it.
  const shared = { table: [], row: ["unit", "measure", "breakdown"], column: ["period", "series", "unit"], cell: ["period", "series", "unit", "measure", "breakdown", "value"] };
  const asked = new Set(number === null ? [...Object.keys(each.reads), ...shared[each.scope]] : shared.cell);
  const inputs = { period: make("input", { placeholder: shown.reads.period || word("page", "undated"), autocomplete: "off" }),
    series: options(Object.entries(state.words.series), shown.reads.series), unit: options(state.units, shown.reads.unit), measure,
    breakdown: make("input", { placeholder: shown.breakdown || word("page", "whole"), autocomplete: "off" }), value: make("input", { placeholder: printed(shown), autocomplete: "off" }) };
  const store = (keys) => {
    const answers = Object.fromEntries([...new FormData(form)].filter(([, text]) => text.trim()));
    if (Object.keys(answers).length) inTurn(() => send(keys, "egen", answers)); else close();
  };
  // Of a table's time, series or unit one answer can be that of all that wait; what its rows measure is each row's own.
  const all = number === null && current().table && ["period", "series", "unit"].includes(current().about) ? current().parts.filter((one) => one.open).map((one) => one.key) : [];
  form.replaceChildren(make("h2", { textContent: number === null ? where(each) : [shown.row_label, shown.column_label, shown.text].filter(Boolean).join(" | ") }),
    ...Object.entries(inputs).filter(([name]) => asked.has(name)).flatMap(([name, input]) => (name === "measure" ? [field(name, input), found] : [field(name, input)])),
    make("button", { textContent: word("page", "save") }), " ",
    ...(all.length > 1 ? [make("button", { type: "button", id: "all", textContent: filled(word("page", "save_all"), { count: all.length }), onclick: () => store(all) }), " "] : []),
    make("button", { type: "button", textContent: word("page", "cancel"), onclick: close }),
    ...(number === null ? [] : [["not_a_figure", "bort"], ["replaced", "ersatt"]].flatMap(([name, verdict]) => [" ",
      make("button", { type: "button", textContent: word("page", name), onclick: () => inTurn(() => send([`cell:${number}`], verdict)) })])));
  form.onsubmit = (event) => { event.preventDefault(); store([number === null ? each.key : `cell:${number}`]); };
  form.onkeydown = (event) => { if (event.key === "Enter" && event.target.matches("select")) { event.preventDefault(); form.requestSubmit(); } };
  form.hidden = false;
  if (number !== null) showDocument(number);
  form.elements[first || about].focus();
}

document.onkeydown = (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !state) return;
  if (event.key === "Escape") return close();
  if (event.target.closest("input, select, form")) return;
  if (event.key === "Enter" && event.target.closest("button")) return;
  const pressed = { ArrowRight: "n", ArrowLeft: "p", ArrowDown: "↓" }[event.key] || event.key;
  const act = event.key === "ArrowUp" ? () => chooseNext(-1) : (acts(current()).find(([key]) => key === pressed) || [])[2];
  const done = !looking && !state.questions.some(isOpen);
  if (done && !["n", "p", "z", "ArrowRight", "ArrowLeft"].includes(event.key)) return;
  if (act && (state.questions.length || event.key === "z")) { event.preventDefault(); inTurn(act); }
};

ask("state").then((found) => {
  state = found;
  document.title = state.title;
  at("document").ariaLabel = word("page", "document");
  question = Math.max(0, state.questions.findIndex(isOpen));
  if (state.questions.some(isOpen)) go(question); else show();
});
