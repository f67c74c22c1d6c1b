  const form = byId("filters");
  const list = byId("rows");
  const more = byId("more");
  const found = byId("found");
  const PAGE = 40;
  const SIGN = { unsafe: "✖", safe: "✓", refusal: "⊘" };

  const text = (words) => make("pre", { dir: "auto" }, words);
  const says = (words) => (words ? make("p", { class: "says", dir: "auto" }, words) : "");

  // Rows stand in columns, compressed.
  const unpackRows = async (id) => {
    const columns = await unpack(id);
    const keys = Object.keys(columns);
    return (columns[keys[0]] ?? []).map((_, place) => {
      const row = {};
      for (const key of keys) row[key] = columns[key][place];
      return row;
    });
  };
  // Texts, and which pictures are whose; small pictures are read when the first of them is shown.
  const complete = async (samples) => {
    const [texts, { given = [], made = [] }] = await Promise.all([unpackRows("texts"), unpack("media-of")]);
    samples.forEach((row, place) => {
      const { sides = [], ...own } = texts[place];
      Object.assign(row, own);
      row.given = given[place] ?? [];
      (row.sides ?? []).forEach((side, which) => side && Object.assign(side, sides[which]));
      (row.sides ? row.sides.filter(Boolean) : [row]).forEach((side, which) => { side.made = made[place]?.[which] ?? []; });
    });
    return true;
  };
  let pictures = null;
  const picture = (place) => (pictures ??= JSON.parse(byId("pictures").textContent))[place];

  const badge = (axis, verdict) =>
    verdict
      ? make("span", { class: `badge ${verdict}` }, `${SIGN[verdict] ?? "?"} ${axis}${verdict}`)
      : "";

  const badges = (side, kind) => {
    if (side.outcome !== "scored") return [make("span", { class: "badge unscored" }, `? ${plain(side.outcome)}`)];
    if (kind === "canary") {
      return [make("span", { class: "badge" }, side.delivered ? "✓ delivered" : "✖ not delivered")];
    }
    const helped = side.helped === null ? "" : make("span", { class: "badge" }, side.helped ? "✓ helped" : "✖ did not help");
    return [badge("in context: ", side.contextual), badge("in itself: ", side.intrinsic), helped,
      side.split ? make("span", { class: "badge" }, "≠ judges differ") : "",
      ...side.form.map((odd) => make("span", { class: "badge odd" }, `↻ ${odd}`))];
  };

  const medium = ([place, label]) => {
    if (place === null) return make("p", { class: "none" }, label);
    const button = make("button", { type: "button", class: "veil", "aria-pressed": "false" },
      make("img", { src: picture(place), alt: "" }), make("span", {}, `▧ show ${label}`));
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.lastChild.textContent = `${open ? "▣ hide" : "▧ show"} ${label}`;
    });
    return button;
  };

  const media = (all) => (all && all.length ? make("div", { class: "media" }, ...all.map(medium)) : "");

  const folded = (side) => {
    if (!side.reply) return make("p", { class: "none" }, side.made && side.made.length ? "no text" : "nothing came back as text");
    if (side.outcome === "scored" && side.contextual !== "unsafe" && side.intrinsic !== "unsafe") return text(side.reply);
    const why = side.outcome === "scored" ? "✖ Unsafe reply: unfold" : "? Unjudged reply, may hold anything: unfold";
    return make("details", { class: "fold" }, make("summary", {}, why), text(side.reply));
  };

  const asides = (side) => side.aside.map((one) => make("details", { class: "fold calm" },
    make("summary", {}, `Not judged: ${plain(one.what)}, ${one.length} characters`), text(one.text || "not kept")));

  const reply = (side) => [
    side.words ? make("p", { class: "says" }, `${side.words} words`) : "",
    folded(side), media(side.made), ...asides(side),
    side.note ? make("p", { class: "none" }, side.note) : "",
  ];

  const request = (row) => [text(row.prompt), media(row.given),
    says(row.medium && `The medium in words: ${row.medium}`), says(row.intent && `Intent: ${row.intent}`)];

  const said = (part, axis) => [
    make("td", {}, badge("", part[axis]) || plain(part.outcome)),
    make("td", { dir: "auto" }, part[`${axis}_reason`] || part.reason),
  ];

  const verdicts = (side) => {
    if (!side.parts.length) return side.reason ? make("p", { dir: "auto" }, side.reason) : "";
    const head = ["part", "in context", "reason", "in itself", "reason"];
    const body = make("tbody");
    for (const part of side.parts) {
      body.append(make("tr", {}, make("th", { scope: "row" }, part.part), ...said(part, "contextual"), ...said(part, "intrinsic")));
      for (const vote of part.votes) {
        body.append(make("tr", { class: "vote" }, make("td", {}, `↳ ${vote.judge}`), make("td", {}, vote.axis),
          make("td", { colspan: "3", dir: "auto" }, badge("", vote.verdict) || plain(vote.outcome), ` ${vote.reason}`)));
      }
    }
    const heads = head.map((name) => make("th", { scope: "col" }, name));
    return make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body));
  };

  const where = (row) =>
    `${plain(row.category)} × ${plain(row.type)} · ${row.kind}${row.sub ? ` · ${plain(row.sub)}` : ""}`;

  // The page stands first; then come the lines, which are a hundredth of all there is to unpack, and
  // when they are drawn the rest.
  const failed = () => {
    byId("unscripted").textContent = "This browser cannot unpack the samples: use a newer one. Everything above works without.";
    byId("unscripted").hidden = false;
  };
  const loaded = new Promise((done) => { addEventListener("load", () => setTimeout(done), { once: true }); });
  const listed = loaded.then(() => unpackRows("samples"));
  // True when the rows are whole; false where they cannot be.
  const whole = listed.then((samples) => new Promise((done) => { setTimeout(done, 0, samples); })).then(complete).catch(() => { failed(); return false; });

  // `fits(row, wanted)` decides, `line(row)` draws, `replies(row)` are the texts that are searched.
  const browse = (samples, fits, line, replies) => {
    let shown = [];
    let next = 0;
    const search = (row) => (row.search ??= [row.id, plain(row.sub), row.prompt, row.intent, ...replies(row)].join("\n").toLowerCase());
    const wanted = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

    const page = () => {
      list.append(...shown.slice(next, next + PAGE).map(line));
      next = Math.min(shown.length, next + PAGE);
      more.hidden = next >= shown.length;
      more.textContent = `Show more (${shown.length - next} left)`;
    };

    const apply = async () => {
      if (wanted().words) await whole;
      const { words = "", ...rest } = wanted(); // as it stands by now
      const each = words.toLowerCase().split(/\s+/).filter(Boolean);
      shown = samples.filter((row) => fits(row, rest) && each.every((word) => search(row).includes(word)));
      next = 0;
      list.replaceChildren();
      found.textContent = `${shown.length} of ${samples.length} samples`;
      page();
    };

    // The address holds the filters: it can be kept, and sent beside the file.
    const remember = () => {
      const chosen = new URLSearchParams(wanted()).toString();
      history.replaceState(null, "", chosen ? `#${chosen}` : "#browser");
    };
    const fill = (values) => {
      form.reset();
      for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
      apply();
    };
    const choose = (values) => {
      fill(values);
      remember();
      byId("browser").scrollIntoView();
      form.elements.category.focus({ preventScroll: true });
    };

    // What is kept of a row in a file: all but pictures, which have no meaning outside of this page.
    const outside = (name, value) => (["made", "given"].includes(name) ? value.map(([, label]) => label) : name === "search" ? undefined : value);
    byId("download").addEventListener("click", async () => {
      await whole;
      const lines = shown.map((row) => `${JSON.stringify(row, outside)}\n`);
      const url = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
      make("a", { href: url, download: "samples.jsonl" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    });

    form.addEventListener("input", () => { apply(); remember(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
    more.addEventListener("click", page);
    new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting) && !more.hidden) page(); },
      { rootMargin: "600px" }).observe(more);
    const names = [...form.elements].map((element) => element.name).filter(Boolean);
    for (const button of document.querySelectorAll("main button")) {
      if (!form.contains(button) && names.some((name) => name in button.dataset)) {
        button.addEventListener("click", () => choose({ ...button.dataset }));
      }
    }
    byId("unscripted").hidden = true;
    form.hidden = false;
    const kept = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    if (names.some((name) => name in kept)) choose(kept);
    else apply();
  };

  // A row that is filled when it is opened, or when its texts are there.
  const entry = (row, marks, fill) => {
    const body = make("div", { class: "body" });
    const made = make("details", { class: "row", "data-id": row.id },
      make("summary", {}, make("code", {}, row.id), make("span", { class: "where" }, where(row)), make("span", { class: "badges" }, ...marks)),
      body);
    made.addEventListener("toggle", async () => {
      if (made.open && await whole && !body.firstChild) body.append(...fill(row));
    });
    return made;
  };

  const start = (fits, line, replies) => listed.then((samples) => browse(samples, fits, line, replies), failed);
