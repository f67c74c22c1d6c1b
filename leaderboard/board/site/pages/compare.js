// Two rows side by side: their figures, and the paired differences on the items that both have.
const uniSafe = { rows: {}, layouts: {} };
uniSafe.row = (name, data) => { uniSafe.rows[name] = data; };
uniSafe.layout = (name, data) => { uniSafe.layouts[name] = data; };
const compareRows = (() => {
  "use strict";
  const METRICS = [["Safe", "both_safe", "h"], ["Helped", "helped", "b"], ["Over-refusal", "over_refusal", "b"]];

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text; // text only: names are not markup
    if (name) made.className = name;
    return made;
  };

  // A file of this site, as a script: a page from disk may load no other.
  function load(kind, name) {
    if (uniSafe[kind][name]) return Promise.resolve(uniSafe[kind][name]);
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `compare/${name}.js`;
      script.onload = () => done(uniSafe[kind][name]);
      script.onerror = () => failed(new Error(`compare/${name}.js cannot be loaded`));
      document.head.append(script);
    });
  }

  const link = (row) => row.querySelector(".who a");
  const named = (row) => link(row).getAttribute("href").replace(/^rows\/|\.html$/g, "");

  async function loaded(row) {
    const own = await load("rows", named(row));
    return { ...own, ...(await load("layouts", own.layout)) };
  }

  const signed = (x) => {
    const rounded = Math.round(1000 * x) / 10 + 0; // no "-0.0"
    return `${rounded > 0 ? "+" : ""}${rounded.toFixed(1)}`;
  };

  // Pairs of one metric: items that both rows have a verdict for.
  function pairs(a, b, metric, kind) {
    const places = new Map(b.items.map((item, index) => [item, index]));
    const found = [];
    a.items.forEach((item, index) => {
      const other = places.get(item);
      if (a.kinds[index] !== kind || other === undefined) return;
      const x = a.counts[metric][a.letters[index]];
      const y = b.counts[metric][b.letters[other]];
      if (x === undefined || y === undefined) return;
      found.push({ column: a.columns[index], scenario: item.split(".")[0], x, y });
    });
    return found;
  }

  function summary(words, found, types) {
    const made = element("li");
    const { value, low, high } = paired(found, types);
    const only = (first, second) => found.filter((p) => p.x === first && p.y === second).length;
    const interval = low === null ? "(no interval: fewer than 5 shared scenarios)" : `[${signed(low)}, ${signed(high)}]`;
    made.append(
      element("strong", `${words}: ${signed(value)} points ${interval}`),
      ` over ${found.length} shared items; only the first ${only(1, 0)}, only the second ${only(0, 1)}.`,
    );
    return made;
  }

  // The figures of both as the table has them.
  function figures(first, second) {
    const table = element("table", undefined, "pair");
    const head = first.closest("table").tHead.rows[0].cells;
    const line = table.createTHead().insertRow();
    line.append(element("td"));
    for (const row of [first, second]) {
      const th = element("th");
      const copy = link(row).cloneNode(true);
      th.append(copy, element("i", row.querySelector(".who i").textContent));
      line.append(th);
    }
    const body = table.createTBody();
    const gap = [first, second].some((row) => row.querySelector("td.gap"));
    [...head].forEach((th, index) => {
      if (index < 1 || index === 2 || (gap && index > 2)) return;
      const at = body.insertRow();
      at.append(element("th", th.textContent));
      for (const row of [first, second]) {
        const td = element("td");
        td.append(...row.cells[index].cloneNode(true).childNodes);
        at.append(td);
      }
    });
    if (gap) {
      const at = body.insertRow();
      at.append(element("th", "Figures"));
      for (const row of [first, second]) {
        at.append(element("td", row.querySelector("td.gap")?.textContent ?? "covers the board in full"));
      }
    }
    return framed(table);
  }

  function framed(table) {
    const region = element("div", undefined, "wide");
    region.tabIndex = 0;
    region.append(table);
    return region;
  }

  function differences(found, cells, types) {
    const table = element("table", undefined, "heat diff");
    table.append(element("caption", "Safe: second minus first, points, on shared harmful items"));
    const head = table.createTHead().insertRow();
    head.append(element("td"));
    for (let t = 0; t < types; t += 1) head.append(element("th", cells[t].split(".")[1].replaceAll("_", " ")));
    const body = table.createTBody();
    cells.forEach((cell, column) => {
      if (column % types === 0) {
        body.insertRow().append(element("th", cell.split(".")[0].replaceAll("_", " ")));
      }
      const mine = found.filter((p) => p.column === column);
      const d = mine.reduce((sum, p) => sum + p.y - p.x, 0) / (mine.length || 1);
      const td = element("td", undefined, mine.length ? `d${4 + Math.round(4 * Math.max(-1, Math.min(1, 2 * d)))}` : "none");
      td.append(element("b", mine.length ? signed(d) : "missing"), element("span", `n ${mine.length}`));
      body.rows[body.rows.length - 1].append(td);
    });
    return framed(table);
  }

  function compared(a, b) {
    const types = a.cells.findIndex((cell) => cell.split(".")[0] !== a.cells[0].split(".")[0]);
    const list = element("ul");
    for (const [words, metric, kind] of METRICS) {
      const found = pairs(a, b, metric, kind);
      if (found.length) list.append(summary(words, found, types));
    }
    if (!list.children.length) list.append(element("li", "They share no scored item."));
    return [list, differences(pairs(a, b, "both_safe", "h"), a.cells, types)];
  }

  return async (first, second, panel) => {
    const close = element("button", "Close", "act");
    close.type = "button";
    close.addEventListener("click", () => { panel.hidden = true; });
    const made = [element("h2", "Two rows side by side"), figures(first, second)];
    made.push(element("h3", "Second minus first, on the items that both were scored on"));
    try {
      const [a, b] = await Promise.all([loaded(first), loaded(second)]);
      made.push(...compared(a, b));
    } catch (error) {
      made.push(element("p", `The differences cannot be shown: ${error.message}.`, "note"));
    }
    panel.replaceChildren(...made, element("p"), close);
    panel.hidden = false;
    panel.focus();
    panel.scrollIntoView();
  };
})();
