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
    line.append(" ", svg, " ", png);
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
