  // One run: a row is an item with its reply.
  const fill = (row) => [
    make("div", { class: "pair" },
      make("div", {}, make("h4", {}, "Request"), ...request(row)),
      make("div", {}, make("h4", {}, "Reply"), ...reply(row))),
    make("h4", {}, row.kind === "canary" ? "Canary" : "Verdicts"),
    verdicts(row),
  ];
  const yes = { yes: true, no: false };
  const fits = (row, wanted) => Object.entries(wanted).every(([name, value]) =>
    name === "split" || name === "helped" ? row[name] === yes[value]
      : name === "form" ? row.form.includes(value) : row[name] === value);
  start(fits, (row) => entry(row, badges(row, row.kind), fill), (row) => [row.reply]);
