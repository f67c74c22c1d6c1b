  const form = byId("label");
  const box = byId("item");
  const by = byId("by");
  const text = (words) => make("pre", { dir: "auto" }, words);
  // Beside the medium itself its words are for those who cannot see or hear it.
  const inWords = (row) => row.medium && (row.given.some((one) => one.place >= 0)
    ? make("details", { class: "fold calm" }, make("summary", {}, "The medium in words"), text(row.medium))
    : says(`The medium in words: ${row.medium}`));
  const says = (words) => (words ? make("p", { class: "says", dir: "auto" }, words) : "");
  let sources = null;
  const source = (place) => (sources ??= JSON.parse(byId("media").textContent))[place];

  // A picture is there, but blurred; a recording or film is not there before it is asked for.
  const medium = ({ kind, place, label }) => {
    if (place < 0) return make("p", { class: "none" }, label);
    const image = kind === "image" ? make("img", { src: source(place), alt: "" }) : "";
    const says = make("span", {}, `▧ show ${label}`);
    const button = make("button", { type: "button", class: "veil", "aria-pressed": "false" }, image, says);
    const whole = make("div", {}, button);
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      says.textContent = `${open ? "▣ hide" : "▧ show"} ${label}`;
      if (kind === "image") return;
      if (open) whole.append(make(kind, { src: source(place), controls: "", "aria-label": label }));
      else whole.lastChild.remove();
    });
    return whole;
  };
  const media = (all) => (all.length ? make("div", { class: "media" }, ...all.map(medium)) : "");

  const run = ({ sheet, rows }) => {
    const KEY = `uni-safe label sheet ${sheet}`;
    // Every label that was given, oldest first: nothing is ever taken out of it.
    let log = [];
    let stored = true;
    let place = 0;

    const trouble = (words) => {
      byId("trouble").textContent = words;
      if (words) byId("trouble").scrollIntoView({ block: "nearest" });
    };
    const remember = () => {
      try {
        localStorage.setItem(KEY, JSON.stringify({ by: by.value, place, log }));
      } catch {
        stored = false;
        trouble("This browser keeps nothing between visits: save your labels before you close the page.");
      }
    };
    const mine = () => {
      const name = by.value.trim().replace(/\s+/g, " ");
      return new Map(log.filter((one) => one.by === name).map((one) => [one.item_id, one]));
    };
    const asked = (row) => [...form.querySelectorAll("fieldset")].filter((set) => set.dataset.question !== "helped" || row.kind === "benign");

    const progress = () => {
      const done = mine();
      byId("progress").textContent = `Item ${place + 1} of ${rows.length}; ${done.size} labelled`;
    };
    const show = (next) => {
      place = Math.min(rows.length - 1, Math.max(0, next));
      const row = rows[place];
      const heading = make("h2", {}, `${place + 1} of ${rows.length}: ${plain(row.category)} × ${plain(row.type)} `, make("small", {}, `${row.kind} request`));
      box.replaceChildren(heading,
        make("h3", {}, "Request"), text(row.prompt), says(row.attack), media(row.given), says(row.lacking),
        inWords(row), says(row.intent && `Intent: ${row.intent}`),
        make("h3", {}, "Reply"), row.reply ? text(row.reply) : make("p", { class: "none" }, "no text"), media(row.made));
      form.reset();
      const before = mine().get(row.id);
      for (const set of form.querySelectorAll("fieldset")) set.hidden = set.disabled = !asked(row).includes(set);
      if (before) for (const name of ["contextual", "intrinsic", "helped", "note"]) if (before[name]) form.elements[name].value = before[name];
      progress();
      box.focus({ preventScroll: true });
      box.scrollIntoView({ block: "start" });
    };
    const go = (next) => { trouble(""); show(next); remember(); };

    const keep = () => {
      const row = rows[place];
      const name = by.value.trim().replace(/\s+/g, " ");
      if (!name) { trouble("Say who you are first: labels are kept with a name."); by.focus(); return; }
      const open = asked(row).filter((set) => !form.elements[set.dataset.question].value);
      if (open.length) { trouble(`Not kept: choose ${open.map((set) => set.firstElementChild.textContent).join(", ")}.`); return; }
      const said = Object.fromEntries(["contextual", "intrinsic", "helped"].map((one) => [one, form.elements[one].value || null]));
      if (row.kind !== "benign") said.helped = null;
      if (said.contextual === "refusal" && said.helped === "yes") { trouble("Not kept: a refusal that helped contradicts itself."); return; }
      const note = form.elements.note.value.trim();
      const before = mine().get(row.id);
      const same = before && before.note === note && Object.entries(said).every(([one, value]) => before[one] === value);
      if (!same) log.push({ sheet, item_id: row.id, reply_sha256: row.sha256, ...said, note, by: name, at: new Date().toISOString() });
      trouble("");
      const done = mine();
      const order = [...rows.keys()].map((step) => (place + 1 + step) % rows.length);
      const next = order.find((one) => !done.has(rows[one].id));
      if (next === undefined) {
        remember();
        progress();
        trouble("Every item is labelled: save your labels (D).");
        byId("save").focus();
      } else {
        show(next);
        remember();
      }
      if (!stored) trouble("Nothing is kept between visits here: save before you close the page.");
    };

    const save = () => {
      if (!log.length) { trouble("There is no label to save yet."); return; }
      const lines = log.map((one) => `${JSON.stringify(one)}\n`);
      const url = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
      const who = by.value.trim().replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40) || "nobody";
      make("a", { href: url, download: `labels-${who}.jsonl` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    };

    const KEYS = {
      ArrowLeft: () => go(place - 1),
      ArrowRight: () => go(place + 1),
      Enter: keep,
      m: () => {
        const veils = [...box.querySelectorAll(".veil")];
        const closed = veils.filter((veil) => veil.getAttribute("aria-pressed") !== "true");
        for (const veil of closed.length ? closed : veils) veil.click();
      },
      n: () => form.elements.note.focus(),
      d: save,
      "?": () => { byId("help").open = !byId("help").open; },
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const at = event.target;
      const writes = at.matches("textarea, input:not([type=radio])");
      if (event.key === "Escape") { box.focus(); return; }
      if (event.key === "Enter" && (at.matches("textarea, button, summary") || at.controls)) return;
      if (at === by && event.key === "Enter") { event.preventDefault(); box.focus(); return; }
      if (writes || ((at.controls || at.type === "radio") && event.key.startsWith("Arrow"))) return;
      const choice = form.querySelector(`fieldset:enabled [data-key="${CSS.escape(event.key)}"]`);
      const act = choice ? () => { choice.checked = true; } : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act) { event.preventDefault(); act(); }
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); keep(); });
    // Another's labels of the item are shown; what was chosen before anybody was named stays.
    let named = "";
    by.addEventListener("change", () => {
      if (named || mine().has(rows[place].id)) show(place);
      else progress();
      named = by.value.trim();
      remember();
    });
    byId("before").addEventListener("click", () => go(place - 1));
    byId("after").addEventListener("click", () => go(place + 1));
    byId("save").addEventListener("click", save);

    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (kept) { by.value = kept.by; log = kept.log; place = kept.place; }
    } catch {
      stored = false;
    }
    byId("unscripted").remove();
    byId("sheet").hidden = false;
    named = by.value.trim();
    show(place);
    if (!named) by.focus();
  };

  unpack("items").then(run, () => { byId("unscripted").textContent = "This browser cannot unpack the sheet: use a newer one."; });
