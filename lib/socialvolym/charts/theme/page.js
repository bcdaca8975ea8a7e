"use strict";
// Everything can be read without this script. It shows a figure's source where the reader is, names the points of a chart,
// saves a chart as a picture, and narrows the list on the index page.
(() => {
  const byId = (id) => document.getElementById(id);
  const box = byId("source"), tip = byId("tip");
  const make = (tag, text, set) => Object.assign(document.createElement(tag), { textContent: text }, set);
  let opener = null;

  function place(element, target, gap) {
    const at = target.getBoundingClientRect(), own = element.getBoundingClientRect(), edge = 8;
    const left = Math.min(Math.max(edge, at.left + at.width / 2 - own.width / 2), innerWidth - own.width - edge);
    const below = at.bottom + gap, above = at.top - gap - own.height;
    const top = below + own.height > innerHeight - edge && above > edge ? above : Math.min(below, innerHeight - own.height - edge);
    element.style.left = Math.max(edge, left) + "px";
    element.style.top = Math.max(edge, top) + "px";
  }

  // What the list of sources says of one figure: its row, its own cell, and its place.
  function sourceCard(entry) {
    const row = entry.closest("tr"), card = make("article", ""), own = entry.cloneNode(true), when = own.querySelector(".back");
    const line = (name, ...parts) => { const p = make("p", "", { className: name }); p.append(...parts); card.append(p); };
    const copied = (part) => [...part.cloneNode(true).childNodes];
    line("what", ...copied(row.querySelector("th")), `, ${when.textContent}, ${entry.dataset.series}`);
    const read = entry.dataset.read ? ` → ${box.dataset.read}: ${entry.dataset.read}` : "";
    line("print", `${box.dataset.printed}: `, own.querySelector("q"), read, ...[own.querySelector("strong")].filter(Boolean).flatMap((said) => ["; ", said]));
    for (const said of own.querySelectorAll(".found, .sure")) line(said.className, ...copied(said));
    line("place", ...copied(row.querySelector(".place")));
    const link = make("a", box.dataset.full, { href: "#" + entry.id });
    link.addEventListener("click", () => { opener = null; box.hidePopover(); entry.closest("details").open = true; });
    line("back", link);
    return card;
  }

  function showSources(target) {
    const entries = target.dataset.obs.split(" ").map((id) => byId("src-" + id)).filter(Boolean);
    if (!entries.length || !box || !box.showPopover) return false;
    const close = make("button", box.dataset.close, { type: "button", className: "close" });
    close.addEventListener("click", () => box.hidePopover());
    box.replaceChildren(close, ...entries.map(sourceCard));
    box.showPopover();
    place(box, target, 6);
    opener = target;
    close.focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target.closest("[data-obs]");
    if (target && showSources(target)) event.preventDefault();
  });
  if (box) box.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && opener && opener.focus) opener.focus({ preventScroll: true });
  });

  for (const title of document.querySelectorAll("[data-point] > title")) {
    title.parentElement.dataset.point = title.textContent;
    title.remove();
  }
  // A link into what is folded opens it.
  function unfold() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  document.addEventListener("pointerover", (event) => {
    const point = event.target.closest("[data-point]");
    if (!tip) return;
    tip.classList.toggle("shown", Boolean(point));
    if (point) {
      tip.textContent = point.dataset.point;
      place(tip, point, 8);
    }
  });

  function save(name, address) {
    make("a", "", { download: name, href: address }).click();
  }
  function element(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }
  // The saved picture stands alone: on white, under its finding and what is drawn, over its source.
  function drawing(figure) {
    const copy = figure.querySelector(".plot svg").cloneNode(true), edge = 12, step = 16;
    const [, , inner, tall] = copy.getAttribute("viewBox").split(" ").map(Number);
    const caption = figure.querySelector("figcaption"), about = caption.querySelector("small"), source = figure.querySelector(":scope > .source");
    const own = [...caption.childNodes].filter((node) => node !== about).map((node) => node.textContent).join("");
    const broken = (text, letters) => (text.trim().replace(/\s+/g, " ").match(new RegExp(`\\S.{0,${letters}}(?=\\s|$)|\\S+`, "g")) || []);
    const head = [...broken(own, 44).map((text) => [text, 600, 14]), ...broken(about ? about.textContent : "", 54).map((text) => [text, 400, 12])];
    const foot = [figure.querySelectorAll(".notes li"), source ? [source] : []].flatMap((group) => [...group]).flatMap((item) => broken(item.textContent, 54)).map((text) => [text, 400, 12]);
    const room = head.length * step + edge, width = Math.max(inner, 360) + 2 * edge, height = tall + room + foot.length * step + edge;
    for (const [key, value] of Object.entries({ width, height, viewBox: `${-edge} ${-room} ${width} ${height}` })) copy.setAttribute(key, value);
    const line = ([text, weight, size], y) => {
      const made = element("text", { y, "font-family": "Arial, sans-serif", "font-size": size, "font-weight": weight, fill: "#1d2125" });
      made.textContent = text;
      return made;
    };
    copy.prepend(element("rect", { x: -edge, y: -room, width, height, fill: "white" }), ...head.map((each, at) => line(each, step * (at + 1) - room)));
    copy.append(...foot.map((each, at) => line(each, tall + step * at + edge)));
    const address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
    return { address, width, height };
  }
  function savePng(figure) {
    const { address, width, height } = drawing(figure), image = new Image();
    image.addEventListener("load", () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: width * 3, height: height * 3 });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      save(figure.dataset.name + ".png", canvas.toDataURL("image/png"));
    });
    image.src = address;
  }
  for (const figure of document.querySelectorAll("figure.chart")) {
    const line = figure.querySelector(".save");
    if (!line || !figure.querySelector(".plot svg")) continue;
    const svg = make("button", "SVG", { type: "button" }), png = make("button", "PNG", { type: "button" });
    svg.addEventListener("click", () => save(figure.dataset.name + ".svg", drawing(figure).address));
    png.addEventListener("click", () => savePng(figure));
    // The address is no format: it stays last.
    const last = line.querySelector("a.self");
    for (const button of [svg, png]) line.insertBefore(button, last);
  }

  // The header: it says where one is, keeps the place in the other language, and searches in the index.
  const list = document.querySelector(".contents"), here = document.querySelector(".here"), other = document.querySelector(".bar .other");
  if (list) {
    const links = new Map([...list.querySelectorAll("a")].map((link) => [byId(decodeURIComponent(link.hash.slice(1))), link]));
    const places = [...links.keys()].filter(Boolean);
    let current = null;
    const look = () => {
      const edge = innerHeight / 4;
      // What is folded, or inside what is folded, has no height.
      const at = places.filter((place) => place.getClientRects().length && place.getBoundingClientRect().top <= edge).pop();
      const link = links.get(at) || null;
      const wanted = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
      const seen = wanted && wanted.getClientRects().length && wanted.getBoundingClientRect();
      if (other) other.hash = seen && seen.bottom > 0 && seen.top < innerHeight ? location.hash : link ? link.hash : "";
      if (link === current) return;
      if (current) current.removeAttribute("aria-current");
      if (link) link.setAttribute("aria-current", "true");
      here.textContent = link ? link.textContent : "";
      current = link;
    };
    addEventListener("scroll", look, { passive: true });
    addEventListener("toggle", look, true);
    look();
    list.addEventListener("click", (event) => { if (event.target.closest("a")) list.open = false; });
  }
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(".bar details[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest(".bar details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  for (const form of document.querySelectorAll("form.find")) {
    const field = form.querySelector("input"), own = byId("search");
    if (own) continue;
    form.hidden = false;
    form.nextElementSibling.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = form.dataset.index + "#q=" + encodeURIComponent(field.value);
    });
  }

  // A choice shows only what has its value; it is kept in the address, where a link to it can be taken from.
  for (const form of document.querySelectorAll(".filter")) {
    const fields = [...form.querySelectorAll("select")], given = new URLSearchParams(location.search), own = make("a", "");
    const others = (item, field) => field.value && (item.dataset[field.name] ?? field.value) !== field.value;
    const narrow = () => {
      for (const { name } of fields) {
        for (const item of document.querySelectorAll(`main [data-${name}]`)) item.hidden = fields.some((field) => others(item, field));
      }
      // Some messages are those of a municipality alone.
      for (const item of document.querySelectorAll("main [data-chosen]")) item.hidden ||= !(form.municipality && form.municipality.value);
      // A list, a row or a group with nothing left in it goes as well.
      const empty = (box, parts, said) => { box.hidden = ![...parts].some((part) => !part.hidden && said(part)); };
      for (const list of document.querySelectorAll(".findings")) {
        const fold = list.closest("details"), section = list.closest("section");
        if (fold) empty(fold, list.children, () => true);
        empty(section, section.querySelectorAll(".finding"), () => true);
        if (fold && form.severity && form.severity.value === "note") fold.open = true;
      }
      for (const row of [...document.querySelectorAll(".matrix tbody tr")].reverse()) {
        if (row.cells.length > 1) empty(row, row.querySelectorAll("td"), (cell) => !fields.some((field) => field.value) || !cell.matches(".dash, .none"));
        else {
          const rows = [];
          for (let next = row.nextElementSibling; next && next.cells.length > 1; next = next.nextElementSibling) rows.push(next);
          if (rows.length) empty(row, rows, () => true);
        }
      }
      for (const cards of document.querySelectorAll(".cards")) {
        const fold = cards.closest("details");
        if (fold) empty(fold, cards.children, () => true);
      }
      const place = form.municipality && form.municipality.selectedOptions[0];
      own.hidden = !(place && place.value);
      if (!own.hidden) Object.assign(own, { textContent: form.dataset.own.replace("{name}", place.textContent), href: `municipality-${place.value}.html` });
    };
    for (const field of fields) field.value = [...field.options].some((option) => option.value === given.get(field.name)) ? given.get(field.name) : "";
    form.append(own);
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      narrow();
      const kept = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
      history.replaceState(null, "", location.pathname + (kept.size ? "?" + kept : "") + location.hash);
    });
    narrow();
  }

  // A table is sorted by the column whose heading is pressed: up, down, and then as it was.
  const amount = (cell) => {
    const text = cell ? cell.dataset.sort ?? cell.textContent.trim() : "", number = text.replace(/\u2212/g, "-").replace(/[\s\u00a0\u202f]/g, "");
    const found = document.documentElement.lang === "sv" || cell && cell.dataset.sort ? number.replace(",", ".") : number.replace(/,(?=\d{3})/g, "");
    return [/^[-+]?\d/.test(found) ? parseFloat(found) : NaN, text];
  };
  function sortable(table) {
    const body = table.tBodies[0], heads = table.tHead ? [...table.tHead.rows[0].cells] : [], rows = [...body.rows];
    if (table.dataset.sorts || rows.length < 4 || table.tHead && table.tHead.rows.length > 1) return;
    table.dataset.sorts = "yes";
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      // No button element: Chromium repeats no heading that holds one on the next printed page.
      const button = make("span", "", { role: "button", tabIndex: 0 });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending" }[head.ariaSort || "none"] || "none", up = next === "ascending" ? 1 : -1;
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next !== "none") head.ariaSort = next;
        const valued = rows.filter((row) => row.cells.length > 1).map((row) => [row, ...amount(row.cells[column])]);
        // What has no number stands last, whichever way.
        if (next !== "none") valued.sort(([, a, x], [, b, y]) => isNaN(a) - isNaN(b) || up * (isNaN(a) ? x.localeCompare(y, document.documentElement.lang) : a - b));
        body.append(...(next === "none" ? rows : [...rows.filter((row) => row.cells.length < 2), ...valued.map(([row]) => row)]));
        table.classList.toggle("sorted", next !== "none");
      });
    });
  }
  const sortIn = (part) => { for (const table of part.querySelectorAll("main table, table")) if (table.tBodies.length && table.getClientRects().length) sortable(table); };
  sortIn(document.querySelector("main"));
  addEventListener("toggle", (event) => { if (event.target.open && event.target.closest("main")) sortIn(event.target); }, true);

  // A section and a chart say their address and how to refer to them.
  function addressOf(target, part, opener_) {
    const cite = document.querySelector(".cite"), title = cite.dataset.title, address = location.href.replace(/#.*/, "") + "#" + target.id;
    const texts = [address, cite.textContent.replace(title, `${title}: ${part}`) + " " + address];
    const close = make("button", box.dataset.close, { type: "button", className: "close" });
    close.addEventListener("click", () => box.hidePopover());
    const lines = texts.map((text) => {
      const line = make("p", text + " "), copy = make("button", box.dataset.copy, { type: "button" });
      copy.addEventListener("click", async () => { await navigator.clipboard.writeText(text); copy.textContent = box.dataset.copied; });
      line.append(copy);
      return line;
    });
    const card = make("article", "", { className: "address" });
    card.append(...lines);
    box.replaceChildren(close, card);
    box.showPopover();
    place(box, opener_, 6);
    opener = opener_;
    close.focus({ preventScroll: true });
  }
  if (box && box.showPopover) {
    for (const section of document.querySelectorAll(".story section[id]")) {
      const heading = section.querySelector("h2, h3") || section.closest("details").querySelector("h3"), folded = section.closest("details") || heading.closest("summary");
      const link = make("a", "#", { className: "self", href: "#" + section.id });
      link.ariaLabel = box.dataset.address.replace("{part}", heading.textContent);
      if (!folded) heading.append(" ", link);
      else (section.querySelector(":scope > details > summary + *") || section.firstElementChild).before(link);
    }
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.self");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = byId(decodeURIComponent(link.hash.slice(1))), said = target.querySelector("figcaption, h2, h3") || target.closest("details").querySelector("h3");
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      addressOf(target, [...said.childNodes].filter((node) => !node.matches || !node.matches("small, a.self")).map((node) => node.textContent).join("").trim(), link);
    });
  }

  // "osteraker" finds Österåker, and "1 483" the figure however its thousands are parted.
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const asked = (text) => plain(text).replace(/(\d)[\s\u00a0\u202f](?=\d{3}(?!\d))/g, "$1").split(/\s+/).filter(Boolean);
  const spellings = (word) => [word, word.replace(/,(?=\d{3}(?!\d))/g, ""), word.replace(".", ",")];
  for (const form of document.querySelectorAll(".search")) {
    const field = form.querySelector("input"), count = form.querySelector("output");
    const rows = [...form.parentElement.querySelectorAll("tbody tr")];
    const texts = rows.map((row) => ` ${plain(row.textContent)} ${plain(row.dataset.find || "")} `.replace(/\s+/g, " "));
    const folds = form.parentElement.querySelectorAll("details");
    const holds = (text, word) => (/^\d/.test(word) ? spellings(word).some((each) => text.includes(` ${each} `)) : text.includes(word));
    const search = () => {
      const words = asked(field.value);
      rows.forEach((row, at) => { row.hidden = !words.every((word) => holds(texts[at], word)); });
      for (const fold of folds) fold.open = words.length > 0;
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = form.dataset.count.replaceAll("{count}", shown).replaceAll("{total}", rows.length);
    };
    const fromAddress = () => {
      if (!location.hash.startsWith("#q=")) return;
      field.value = decodeURIComponent(location.hash.slice(3));
      search();
      field.focus();
    };
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = rows.find((row) => !row.hidden && row.querySelector("a"));
      if (first && field.value.trim()) first.querySelector("a").focus();
    });
    field.addEventListener("input", () => { search(); history.replaceState(null, "", field.value ? "#q=" + encodeURIComponent(field.value) : "#search"); });
    addEventListener("hashchange", fromAddress);
    fromAddress();
  }
})();
