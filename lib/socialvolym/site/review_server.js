// The review page: shows one question beside the document, and sends each decision at once. All text of a document is set as
// text, never as markup.
"use strict";
const token = document.body.dataset.token;
const at = (id) => document.getElementById(id);
let state, question = 0, part = -1, cell = null;

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
  const name = { row: each.place.row, column: each.place.column, table: word("scope", "table") }[each.scope]
    || (first.table ? [each.place.row, each.place.column, printed(first)] : [printed(first)]).filter(Boolean).join(" | ");
  // What is decided shows what was decided, not what had been read.
  const reads = Object.entries(each.reads).map(([aspect, [, shown]]) => (each.open ? shown : first.reads[aspect]));
  return `${name || "–"}: ${reads.map((shown) => shown || "?").join(", ")}`;
}

// What the figures measure that a decision is of, where that is not what is asked: at most a few names.
function measuresOf(each) {
  if ("measure" in each.reads) return "";
  const names = [...new Set(each.cells.map((number) => state.cells[number].reads.measure || "?"))];
  const more = names.length > 3 ? ` ${filled(word("page", "more"), { count: names.length - 3 })}` : "";
  return filled(word("page", "of"), { measures: names.slice(0, 3).join(", ") + more });
}

const settles = (count) => (count === 1 ? word("page", "settles_one") : filled(word("page", "settles"), { count }));

function show() {
  const waiting = state.cells.filter((each) => each.state === "waiting").length;
  const left = state.questions.filter(isOpen).length;
  const counts = { settled: state.cells.length - waiting, all: state.cells.length, count: left };
  at("title").textContent = state.title;
  at("progress").textContent = filled(word("page", "progress"), counts) + ". "
    + (left ? filled(word("page", "left"), counts) : word("page", "done")) + (state.misfits.length ? ` ${state.misfits.join(" ")}` : "");
  at("queue-title").textContent = word("page", "queue");
  at("queue").replaceChildren(...state.questions.map((one, number) => make("li", {
    className: (number === question ? "now " : "") + (isOpen(one) ? "" : "done"),
  }, make("button", { textContent: heading(one), onclick: () => go(number) }))));
  at("actions").replaceChildren();
  at("question").replaceChildren();
  if (!state.questions.length) { cell = cell ?? 0; return showTable(state.cells[cell]); }
  const one = current();
  const lines = one.parts.map((each, number) => make("li", {
    className: (number === part ? "now " : "") + (each.open ? "" : "done"), onclick: () => choose(number),
  }, make("strong", { textContent: where(each) }), " ",
  make("span", { className: "why", textContent: `(${[each.why, measuresOf(each), settles(each.cells.length)].filter(Boolean).join("; ")})` })));
  at("question").append(make("h2", { textContent: heading(one) }), make("ul", {}, ...lines));
  const whose = one.about === "whose";
  const acts = [["Enter", whose ? "not_a_figure" : "accept", accept], ["n", "next", next], ["p", "previous", previous], ["↓", "part", () => choose(part + 1)],
    ["e", "edit", () => edit()], ["m", "choose", measureOf], ["x", "not_a_figure", () => decide("bort")], ["u", "unread", () => decide("oläst")],
    ["z", "undo", undo], ...(whose ? [["o", "ours", () => decide("egen")]] : [])];
  at("actions").append(...acts.map(([key, name, act]) => make("button", { onclick: () => inTurn(act) }, make("kbd", { textContent: key }), " " + word("page", name))));
  const asked = part < 0 ? one.parts.find((each) => each.open) || one.parts[0] : one.parts[part];
  showTable(state.cells[asked.cells[0]], new Set((part < 0 ? one.parts : [asked]).flatMap((each) => each.cells)));
  showDocument(asked.cells[0]);
}

function showTable(shown, asked = new Set()) {
  const own = state.cells.map((each, number) => ({ ...each, number })).filter((each) => (shown.table ? each.table === shown.table : each.line === shown.line));
  const columns = [...new Set(own.map((each) => each.column_label || ""))];
  const rows = new Map();
  for (const each of own) {
    const key = JSON.stringify([each.line, each.group, each.row_label]);
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

function go(number) { question = number; part = -1; cell = null; close(); show(); }
function next() { step(1); }
function previous() { step(-1); }
function step(by) {
  const count = state.questions.length;
  for (let tried = 1; tried <= count; tried += 1) {
    const number = (question + by * tried + count * tried) % count;
    if (isOpen(state.questions[number]) || tried === count) return go(number);
  }
}
function choose(number) { const count = current().parts.length; part = ((number + 1 + count + 1) % (count + 1)) - 1; show(); }
function aimed() { return part < 0 ? current().parts.filter((each) => each.open) : [current().parts[part]]; }

async function send(keys, verdict, answers = {}) {
  at("said").textContent = "";
  try {
    state = await ask("decide", { keys, verdict, answers });
  } catch (error) { at("said").textContent = error.message; return false; }
  close();
  if (state.questions.length && !isOpen(current())) step(1); else { part = -1; show(); }
  return true;
}

function decide(verdict) { return send(aimed().map((each) => each.key), verdict); }
function accept() {
  if (current().about === "whose") return decide("ja");
  const unsaid = aimed().find((each) => Object.values(each.reads).some(([value]) => value === null));
  if (!unsaid) return decide("ja");
  const ready = aimed().filter((each) => Object.values(each.reads).every(([value]) => value !== null));
  const then = () => { part = current().parts.findIndex((each) => each.open); show(); edit(); };
  return ready.length ? send(ready.map((each) => each.key), "ja").then((stored) => stored && then()) : (part = current().parts.indexOf(unsaid), show(), edit());
}
async function undo() {
  try { state = await ask("undo", {}); show(); } catch (error) { at("said").textContent = error.message; }
}

function measureOf() {
  const each = aimed()[0] || current().parts[0];
  if ("measure" in each.reads) edit(null, "measure"); else edit(each.cells[0], "measure");
}

function close() { at("edit").hidden = true; at("edit").replaceChildren(); document.activeElement.blur(); }

// The form for one part, or for one cell: what is left empty stays as it was read.
function edit(number = null, first = null) {
  at("said").textContent = "";
  const each = number === null ? (part < 0 ? aimed()[0] || current().parts[0] : current().parts[part]) : null;
  cell = number;
  const shown = state.cells[number ?? each.cells[0]];
  const unread = number === null ? Object.keys(each.reads).find((name) => each.reads[name][0] === null) : null;
  const about = unread || (number === null && each.reads[current().about] ? current().about : "period");
  const field = (name, input) => { input.name = name; return make("label", {}, word("about", name), input); };
  const options = (pairs, now) => make("select", {}, make("option", { value: "", textContent: now ? `(${now})` : "" }), ...pairs.map(([value, text]) => make("option", { value, textContent: text })));
  const measure = make("input", { placeholder: shown.reads.measure, autocomplete: "off", title: `${word("page", "search")}. ${word("page", "take")}` });
  const found = make("div", { id: "found" });
  const take = (one) => { measure.value = one.title; found.replaceChildren(); measure.focus(); };
  const look = async () => {
    const asked = measure.value;
    const list = await ask(`search?q=${encodeURIComponent(asked)}`);
    if (asked !== measure.value) return null;
    found.replaceChildren(...list.map((one) => make("button", { type: "button", title: one.definition, onclick: () => take(one) },
      `${one.title} (${one.unit || "–"}${one.composed ? `; ${word("page", "composed")}` : ""})`)));
    return list;
  };
  measure.oninput = look;
  // Enter on words takes the first of the measures that they lead to; on a measure's name it saves.
  measure.onkeydown = async (event) => {
    if (event.key === "ArrowDown" && found.firstChild) { event.preventDefault(); found.firstChild.focus(); }
    if (event.key !== "Enter" || !measure.value.trim()) return;
    event.preventDefault();
    const list = await look();
    if (!list || !list.length || list.some((one) => [one.title, one.measure].includes(measure.value.trim()))) form.requestSubmit(); else take(list[0]);
  };
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
    ...(number === null ? [] : [" ", make("button", { type: "button", textContent: word("page", "not_a_figure"), onclick: () => inTurn(() => send([`cell:${number}`], "bort")) })]));
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
  const acts = { Enter: accept, n: next, ArrowRight: next, p: previous, ArrowLeft: previous, ArrowDown: () => choose(part + 1), ArrowUp: () => choose(part - 1),
    e: () => edit(), m: measureOf, x: () => decide("bort"), u: () => decide("oläst"), z: undo, o: () => current().about === "whose" && decide("egen") };
  if (acts[event.key] && state.questions.length) { event.preventDefault(); inTurn(acts[event.key]); }
};

ask("state").then((found) => {
  state = found;
  document.title = state.title;
  at("document").ariaLabel = word("page", "document");
  question = Math.max(0, state.questions.findIndex(isOpen));
  show();
});
