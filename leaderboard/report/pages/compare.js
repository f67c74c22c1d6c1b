  // Two runs: a row is an item with both replies.
  const names = [0, 1].map((place) => document.querySelector(`#runs [data-run="${place}"]`).textContent);
  const side = (row, place) => {
    const own = row.sides[place];
    const head = make("h4", {}, names[place]);
    if (!own) return make("div", { class: "side" }, head, make("p", { class: "none" }, "not asked in this run"));
    return make("div", { class: "side" }, head, make("p", { class: "badges" }, ...badges(own, row.kind)), ...reply(own), verdicts(own));
  };
  const fill = (row) => [
    make("div", {}, make("h4", {}, "Request"), ...request(row)),
    make("div", { class: "pair" }, side(row, 0), side(row, 1)),
  ];
  const verdict = (own, kind) => (own ? make("span", { class: "side" }, ...badges(own, kind)) : make("span", { class: "badge unscored" }, "not asked"));
  const fits = (row, wanted) => Object.entries(wanted).every(([name, value]) =>
    name === "change" && value === "any" ? row.change !== "same" : row[name] === value);
  start(fits, (row) => entry(row, [verdict(row.sides[0], row.kind), "→", verdict(row.sides[1], row.kind)], fill),
    (row) => row.sides.filter(Boolean).map((own) => own.reply));
