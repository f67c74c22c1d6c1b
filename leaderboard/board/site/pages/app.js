"use strict";
// Everything here is a convenience: without it the page shows the same tables, one below another.
(() => {
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const tabs = $("div.tab");
  const links = $("nav a[data-tab]");
  let tab = "";

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text; // text only: names are not markup
    if (name) made.className = name;
    return made;
  };

  function open(name) {
    tab = tabs.some((t) => t.dataset.tab === name) ? name : tabs[0].dataset.tab;
    for (const t of tabs) t.classList.toggle("open", t.dataset.tab === tab);
    for (const a of links) {
      if (a.dataset.tab === tab) a.setAttribute("aria-current", "page");
      else a.removeAttribute("aria-current");
    }
    byId("tools").hidden = !$("tbody tr[data-id]", byId(tab)).length;
    filter();
  }

  // One protocol at a time: rows of different protocols are not comparable.
  function protocol() {
    const select = byId("protocol");
    const first = $("section.board")[0];
    return select ? select.value : first ? first.dataset.protocol : "";
  }

  function filter() {
    const wanted = byId("find").value.trim().toLowerCase();
    const family = byId("family").value;
    const weights = byId("weights").value;
    let shown = 0;
    for (const section of $("section.board", byId(tab))) {
      section.hidden = section.dataset.protocol !== protocol();
      if (section.hidden) continue;
      for (const row of $("tbody tr", section)) {
        const data = row.dataset;
        row.hidden =
          !data.find.includes(wanted) ||
          (family !== "" && data.family !== family) ||
          (weights !== "" && data.weights !== weights);
        if (!row.hidden) shown += 1;
      }
      more(section, shown);
    }
    byId("shown").textContent = `${shown} rows`;
    chosen();
  }

  // The style shows the first hundred rows that fit; laying out a thousand takes a browser seconds.
  function more(section, shown) {
    const table = section.querySelector("table");
    let button = section.querySelector("button.more");
    if (!button) {
      button = element("button", "", "act more");
      button.type = "button";
      button.addEventListener("click", () => { table.classList.add("all"); button.hidden = true; });
      table.parentNode.after(button);
    }
    button.textContent = `Show all ${shown} rows`;
    button.hidden = shown <= 100 || table.classList.contains("all");
  }

  function sort(th) {
    const table = th.closest("table");
    const column = [...th.parentNode.children].indexOf(th);
    const now = th.getAttribute("aria-sort");
    const way = now ? (now === "ascending" ? "descending" : "ascending") : th.dataset.first;
    for (const other of $("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", way);
    const sign = way === "ascending" ? 1 : -1;
    const keyed = $("tbody tr", table).map((row) => {
      const value = (row.cells[column] || { dataset: {} }).dataset.v;
      const number = Number(value);
      return [value === undefined ? null : Number.isNaN(number) ? value : number, row];
    });
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

  function ticked() {
    return $(`section.board:not([hidden]) tbody input:checked`, byId(tab)).map(
      (input) => input.closest("tr").dataset.id,
    );
  }

  function chosen() {
    const count = ticked().length;
    byId("compare").disabled = count !== 2;
    byId("compare").textContent = count < 2 ? `Compare two rows (${count} ticked)` : "Compare two rows";
  }

  const signed = (x) => {
    const rounded = Math.round(1000 * x) / 10 + 0; // no "-0.0"
    return `${rounded > 0 ? "+" : ""}${rounded.toFixed(1)}`;
  };

  // Pairs of one kind: items that both rows have a verdict for.
  function pairs(data, a, b, kind, counts = data.all.counts[kind]) {
    const found = [];
    for (let i = 0; i < data.items.length; i += 1) {
      if (data.kinds[i] !== kind) continue;
      const x = counts[a[i]];
      const y = counts[b[i]];
      if (x === undefined || y === undefined) continue;
      const [scenario] = data.items[i].split(".");
      found.push({ column: data.columns[i], scenario, x, y });
    }
    return found;
  }

  function summary(words, found, types) {
    const made = element("li");
    const { value, low, high } = paired(found, types);
    const n = found.length;
    const only = (first, second) => found.filter((p) => p.x === first && p.y === second).length;
    made.append(
      element("strong", `${words}: ${signed(value)} points ${low === null ? "(no interval: fewer than 5 shared scenarios)" : `[${signed(low)}, ${signed(high)}]`}`),
      ` over ${n} shared items; only the first ${only(1, 0)}, only the second ${only(0, 1)}.`,
    );
    return made;
  }

  function differences(found, all, types) {
    const region = element("div", undefined, "wide");
    region.tabIndex = 0;
    const table = element("table", undefined, "heat diff");
    table.append(element("caption", "Safe: second minus first, points, on shared harmful items"));
    const head = table.createTHead().insertRow();
    head.append(element("td"));
    for (let t = 0; t < types; t += 1) head.append(element("th", all.cells[t].split(".")[1].replaceAll("_", " ")));
    const body = table.createTBody();
    all.cells.forEach((cell, column) => {
      if (column % types === 0) {
        body.insertRow().append(element("th", cell.split(".")[0].replaceAll("_", " ")));
      }
      const mine = found.filter((p) => p.column === column);
      const d = mine.reduce((sum, p) => sum + p.y - p.x, 0) / (mine.length || 1);
      const td = element("td", undefined, mine.length ? `d${4 + Math.round(4 * Math.max(-1, Math.min(1, 2 * d)))}` : "none");
      td.append(element("b", mine.length ? signed(d) : "missing"), element("span", `n ${mine.length}`));
      body.rows[body.rows.length - 1].append(td);
    });
    region.append(table);
    return region;
  }

  function compare() {
    const [first, second] = ticked();
    const all = JSON.parse(byId("data").textContent);
    const own = all.tabs[protocol()];
    const data = { ...own, all };
    const [nameA, a] = own.rows[first];
    const [nameB, b] = own.rows[second];
    const types = all.cells.findIndex((cell) => cell.split(".")[0] !== all.cells[0].split(".")[0]);
    const harmful = pairs(data, a, b, "h");
    const benign = pairs(data, a, b, "b");
    const helped = pairs(data, a, b, "b", all.helped);
    const panel = byId("difference");
    panel.replaceChildren(element("h2", "Two rows on shared items"));
    const names = element("p");
    names.append("First: ", element("strong", nameA), ". Second: ", element("strong", nameB), ".");
    const list = element("ul");
    if (harmful.length) list.append(summary("Safe", harmful, types));
    if (helped.length) list.append(summary("Helped", helped, types));
    if (benign.length) list.append(summary("Over-refusal", benign, types));
    if (!harmful.length && !benign.length) list.append(element("li", "They share no scored item."));
    const close = element("button", "Close", "act");
    close.type = "button";
    close.addEventListener("click", () => { panel.hidden = true; });
    panel.append(names, list, differences(harmful, all, types), element("p"), close);
    panel.hidden = false;
    panel.focus();
  }

  for (const id of ["find", "family", "weights", "protocol"]) {
    const input = byId(id);
    if (input) input.addEventListener("input", filter);
  }
  document.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") chosen();
  });
  byId("compare").addEventListener("click", compare);
  window.addEventListener("hashchange", () => open(location.hash.slice(1)));
  open(location.hash.slice(1));
})();
