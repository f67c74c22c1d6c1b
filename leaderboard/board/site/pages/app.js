// Everything here is a convenience: without it the page shows the same drawings and tables.
(() => {
  "use strict";
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const sections = $("section.board");
  const words = new Map(); // a row -> what a search looks at, worked out when first needed

  const shown = () => sections.find((section) => !section.hidden);
  const rows = (section) => [...section.querySelector("tbody").rows];

  // A browser takes long to read a thousand rows: those after the first hundred stand in a noscript,
  // and come into the table when somebody asks for them or when there is nothing else to do.
  function whole(section) {
    const rest = section.querySelector("noscript");
    if (!rest) return;
    const made = document.createElement("template");
    made.innerHTML = rest.textContent;
    rest.remove();
    section.querySelector("tbody").append(...$("tbody tr", made.content));
  }

  function find(row) {
    if (!words.has(row)) words.set(row, row.cells[2].textContent.toLowerCase());
    return words.get(row);
  }

  // One protocol at a time: rows of different protocols are not comparable.
  function filter() {
    const protocol = byId("judge").value;
    for (const section of sections) section.hidden = section.dataset.protocol !== protocol;
    const wanted = byId("find").value.trim().toLowerCase();
    const is = { f: byId("family").value, w: byId("weights").value, s: byId("size").value };
    const narrow = wanted || is.f || is.w || is.s;
    const section = shown();
    if (narrow) whole(section);
    const marks = new Map($(".scatter a", section).map((a) => [a.getAttribute("href").slice(1), a]));
    let count = 0;
    for (const row of rows(section)) {
      const out = Boolean(narrow) && (
        Object.entries(is).some(([key, value]) => value && row.dataset[key] !== value) ||
        (wanted !== "" && !find(row).includes(wanted)));
      if (row.hidden !== out) row.hidden = out;
      if (!out) count += 1;
      const mark = marks.get(row.id);
      if (mark) mark.classList.toggle("out", out);
    }
    count += Number(section.querySelector("noscript")?.dataset.rows ?? 0);
    section.querySelector(".scatter")?.classList.toggle("narrow", Boolean(narrow));
    more(section, count);
    byId("shown").textContent = count === 1 ? "1 row" : `${count} rows`;
    chosen();
  }

  // The style shows the first hundred rows that fit; laying out a thousand takes a browser long.
  function more(section, count) {
    const table = section.querySelector("table");
    let button = section.querySelector("button.more");
    if (!button) {
      button = document.createElement("button");
      button.className = "act more";
      button.type = "button";
      button.addEventListener("click", () => {
        whole(section);
        table.classList.add("all");
        button.hidden = true;
      });
      table.parentNode.after(button);
    }
    button.textContent = `Show all ${count} rows`;
    button.hidden = count <= 100 || table.classList.contains("all");
  }

  function value(row, column) {
    const cell = row.cells[column];
    if (column === 2) return cell.textContent.toLowerCase();
    return cell && cell.dataset.v !== undefined ? Number(cell.dataset.v) : null;
  }

  function sort(th) {
    const table = th.closest("table");
    whole(table.closest("section"));
    const column = [...th.parentNode.children].indexOf(th);
    const now = th.getAttribute("aria-sort");
    const way = now ? (now === "ascending" ? "descending" : "ascending") : th.dataset.first;
    for (const other of $("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", way);
    const sign = way === "ascending" ? 1 : -1;
    const keyed = [...table.tBodies[0].rows].map((row) => [value(row, column), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null); // missing stays last
      return a < b ? -sign : a > b ? sign : 0;
    });
    table.tBodies[0].append(...keyed.map(([, row]) => row));
    const initial = th.textContent.startsWith("Rank") && way === "ascending";
    table.classList.toggle("resorted", !initial);
  }

  for (const th of $("table.sortable th[data-first]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...th.childNodes);
    th.append(button);
    button.addEventListener("click", () => sort(th));
  }

  const ticked = () => $("tbody input:checked", shown()).map((input) => input.closest("tr"));

  function chosen() {
    const count = ticked().length;
    byId("compare").disabled = count !== 2;
    byId("compare").textContent = count < 2 ? `Compare two rows (${count} ticked)` : "Compare two rows";
    if (count > 2) byId("compare").textContent = `Compare two rows (${count} are ticked)`;
  }

  // A point of the drawing leads to its row, also to one that is not laid out yet.
  function target() {
    const name = location.hash.slice(1);
    if (name && !byId(name)) sections.forEach(whole);
    const row = byId(name);
    if (!row || row.tagName !== "TR") return;
    row.closest("table").classList.add("all");
    more(row.closest("section"), 0);
    row.scrollIntoView({ block: "center" });
  }

  for (const id of ["find", "family", "weights", "size", "judge"]) {
    byId(id).addEventListener("input", filter);
  }
  document.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") chosen();
  });
  byId("compare").addEventListener("click", () => {
    const [first, second] = ticked();
    compareRows(first, second, byId("difference"));
  });
  window.addEventListener("hashchange", target);
  filter();
  target();
  window.addEventListener("load", () => {
    const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
    idle(() => sections.forEach(whole));
  });
})();
