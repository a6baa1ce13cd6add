// The page of the laboratory. The server is the memory: cards come whole, and a reload shows what there is.

import { arms, difference, waterfall } from "/chart.js";

const LEAST_GAIN = 1.2;
const NUMBERS = ["as it was", "changed", "difference", "95 %", "gain"];
const at = (id) => document.getElementById(id);
const cards = new Map();
let source = null;
let campaign = null;
const ASKS = {
  "what-if": { one: "change", listed: "Changes", pairs: 1000, label: "Pairs",
    hint: "The campaign is played as it was and under all chosen changes, run by run with the same luck." },
  why: { one: "factor", listed: "Factors", pairs: 200, label: "Runs of each combination",
    hint: "An outcome is shared among its causes: every combination of the chosen factors, as they were or taken away, is played with the same luck. Shares are Shapley values: an accounting rule, not a proof." },
};
const EACH = "schools";
const looked = new Map(); // card -> what of it is shown: measure and decision of a chart, schools folded or not

function make(name, values = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function number(value) {
  if (value === null || value === undefined) return "-";
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}

async function ask(method, path, body) {
  const send = method === "GET" ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) };
  let answer;
  try {
    answer = await fetch(path, { method, ...send });
  } catch {
    throw [{ where: "the server", what: "does not answer", remedy: "start it again with khingan serve" }];
  }
  const said = await answer.json();
  if (!answer.ok) throw said.errors ?? [{ where: path, what: answer.statusText, remedy: "reload the page" }];
  return said;
}

function tell(text) { at("status").textContent = text; }

function faults(list) {
  return (Array.isArray(list) ? list : [{ where: "the page", what: String(list), remedy: "reload it" }])
    .map((one) => make("li", {}, make("b", {}, one.where), ` | ${one.what} | ${one.remedy}`));
}

// ---- the question ----

function option(kind, entry) {
  return make("label", { "data-find": `${entry.name} ${entry.what}`.toLowerCase() },
    make("input", { type: "checkbox", name: kind, value: entry.name }),
    make("span", {}, entry.name),
    make("small", {}, entry.what + (entry.by ? ` (${entry.by}, ${entry.grade})` : "")));
}

const checked = (kind) => [...document.querySelectorAll(`input[name=${kind}]:checked`)].map((box) => box.value);

// The names at one step of indentation below `changes:`; what else is wrong with the text the server says.
function ownChanges(text) {
  const names = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (/^\S/.test(line) && !line.startsWith("#")) inside = /^changes\s*:/.test(line);
    const found = inside && /^ {1,4}(?! )["']?([^\s"':#]+)["']?\s*:/.exec(line);
    if (found && (names.length === 0 || line.search(/\S/) === names.indent)) {
      names.indent ??= line.search(/\S/);
      names.push(found[1]);
    }
  }
  return [...names];
}

function addDate() {
  const date = at("date").value;
  if (!date) return at("date").focus();
  const entry = `  attack-at-${date.replace(":", "")}:
    what: The attack begins at ${date.replace("T", " ")} instead of its own hour.
    author: asked in the browser
    grade: C
    h_hour: ${date}
    moves: [orders]`;
  const own = at("own").value.trimEnd();
  at("own").value = (/^changes\s*:\s*$/m.test(own) ? own.replace(/^changes\s*:\s*$/m, `changes:\n${entry}`)
    : `${own}${own ? "\n" : ""}changes:\n${entry}`) + "\n";
  count();
}

const mode = () => document.querySelector("input[name=mode]:checked").value;

function turn() {
  const asks = ASKS[mode()], pairs = at("pairs");
  for (const [id, kind] of [["changes", "change"], ["factors", "factor"]]) at(id).hidden = asks.one !== kind;
  at("hint").textContent = asks.hint;
  at("listed").textContent = asks.listed;
  at("pairs-label").textContent = asks.label;
  if (Object.values(ASKS).some((other) => other.pairs === Number(pairs.value))) pairs.value = asks.pairs;
  at("find").placeholder = `Find a ${asks.one}`;
  at("find").setAttribute("aria-label", `Find a ${asks.one}`);
  count();
}

function work(chosen) {
  if (mode() !== "why" || !campaign) return "";
  const cells = 2 ** chosen, runs = cells * Number(at("pairs").value);
  if (!chosen) return `Choose up to ${campaign.most_factors} factors.`;
  const over = chosen > campaign.most_factors ? `; at most ${campaign.most_factors} factors`
    : runs > campaign.most_played ? `; at most ${campaign.most_played.toLocaleString("en")}` : "";
  return `${cells} combinations, ${runs.toLocaleString("en")} runs${over}.`;
}

function count() {
  const chosen = checked(ASKS[mode()].one).length + ownChanges(at("own").value).length;
  at("work").textContent = work(chosen);
  at("chosen").textContent = chosen ? `${chosen} chosen` : "";
  at("measured").textContent = checked("measure").length ? `${checked("measure").length} chosen` : "all";
}

async function submit(event) {
  event.preventDefault();
  at("errors").replaceChildren();
  const question = {
    [`${ASKS[mode()].one}s`]: [...checked(ASKS[mode()].one), ...ownChanges(at("own").value)], measures: checked("measure"),
    ...(campaign?.politics ? { politics: at("politics").value } : {}),
    pairs: Number(at("pairs").value), seed: Number(at("seed").value), name: at("name").value.trim(), own: at("own").value.trim() && at("own").value,
  };
  try {
    show(await ask("POST", "/api/what-if", question));
    at("name").value = "";
    watch();
  } catch (errors) {
    at("errors").replaceChildren(...faults(errors));
  }
}

function find() {
  const wanted = at("find").value.trim().toLowerCase();
  for (const entry of document.querySelectorAll("#changes label, #factors label")) entry.hidden = !entry.dataset.find.includes(wanted);
}

// ---- the answers ----

const STATES = { queued: "waits", running: "plays", done: "done", stopped: "stopped", failed: "failed" };
const PHASES = { reading: "reads the campaign", compiling: "compiles the engine", "laying out": "lays out the worlds", playing: "plays", stopping: "stops" };

function stateOf(card) {
  if (card.state !== "running") return STATES[card.state];
  return PHASES[card.phase] ?? STATES.running;
}

function decision(key) {
  if (key === EACH) return "mean of the schools";
  if (key === "calendar") return "historical calendar";
  return campaign?.politics?.schools.find((one) => one.key === key)?.title ?? key;
}

// Whose decision to end the war was played, in the words of the command line.
function decided(card) {
  const played = new Set([...card.effects, ...card.shares].map((row) => row.politics));
  if (!played.size || !campaign?.politics) return null;
  if (played.has("calendar")) return make("p", { class: "facts decided" }, "Decision: the war ends by the historical calendar.");
  const factor = campaign.politics.widest_factor;
  return make("p", { class: "facts decided" },
    played.has(EACH) ? "Decision to end the war: each school in turn draws it in its share of the runs (grade C); their mean weighs them alike."
      : `Decision to end the war: drawn as the school reads it, ${decision([...played][0])} (grade C).`,
    factor ? ` One event cannot tell the schools apart: no Bayes factor of the historical dates is above ${factor.toFixed(1)}.` : "");
}

const shownOf = (card) => looked.get(card.id) ?? looked.set(card.id, { folded: innerWidth < 900 }).get(card.id);

function choice(card, key, label, values, said) {
  const state = shownOf(card);
  if (!values.includes(state[key])) state[key] = values[values.length - 1];
  const made = make("select", { "aria-label": label, onchange: (event) => { state[key] = event.target.value; show(card); } },
    ...values.map((value) => make("option", { value, selected: value === state[key] }, said(value))));
  return values.length > 1 ? made : null;
}

const words = (row) => make("span", { class: "what" }, row.what);

function why(card) {
  const unique = (key) => [...new Set(card.shares.map((row) => row[key]))];
  const measures = unique("measure").reverse();
  const measure = choice(card, "measure", "Measure", measures, (name) => name);
  const who = choice(card, "politics", "Whose decision", unique("politics"), decision);
  const state = shownOf(card);
  const rows = card.shares.filter((row) => row.measure === state.measure);
  const found = rows.find((row) => row.politics === state.politics) ?? rows[rows.length - 1];
  const falls = waterfall(found, number).map((row) => make("div", { class: row.total ? "fall total" : "fall" },
    make("span", { class: "name" }, row.name), row.svg,
    make("span", { class: row.total || row.felt ? "number" : "number weak" }, row.share, " ", make("small", {}, row.interval))));
  return make("div", { class: "why" },
    measure || who ? make("div", { class: "row" }, measure ? make("label", {}, "Measure ", measure) : null, who ? make("label", {}, "Decision ", who) : null) : null,
    make("p", { class: "facts" }, `${found.measure}, ${found.unit}: `, words(found),
      `. ${number(found.factual)} as it was, ${number(found.counterfactual)} with every factor taken away; ${number(found.runs)} runs of each combination` +
      (found.reached ? "; the leading share is known to 5 % of the difference." : "; the leading share is not yet known to 5 % of the difference.")),
    make("div", { class: "falls", role: "group", "aria-label": "Shares with 95 % intervals" }, ...falls),
    joint(found), rows.length > 1 ? bySchool(rows, found) : null);
}

function joint(found) {
  const felt = (pair) => pair.low > 0 || pair.high < 0;
  const line = (pair) => make("li", { class: felt(pair) ? "" : "weak" }, `${pair.factors.join(" + ")}: ${number(pair.value)} (${number(pair.low)} to ${number(pair.high)})`);
  const [clear, rest] = [found.interactions.filter(felt), found.interactions.filter((pair) => !felt(pair))];
  if (!found.interactions.length) return null;
  return make("div", { class: "joint" }, make("h4", {}, "Together beyond each alone"),
    make("ul", {}, ...clear.map(line)),
    rest.length ? make("details", {}, make("summary", {}, `${rest.length} whose interval holds zero`), make("ul", {}, ...rest.map(line))) : null);
}

function bySchool(rows, found) {
  const names = found.shares.map((share) => share.factor);
  const of = (row, name) => row.shares.find((share) => share.factor === name);
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Shares by school", "data-by": "school" },
    make("table", {}, make("thead", {}, make("tr", {}, ...["share by school", ...rows.map((row) => decision(row.politics))].map((text, k) => make("th", { scope: "col", class: k ? "number" : "" }, text)))),
      make("tbody", {}, ...names.map((name) => make("tr", {}, make("th", { scope: "row" }, name),
        ...rows.map((row) => make("td", { class: "number" }, number(of(row, name).share), " ", make("small", {}, `${number(of(row, name).low)} to ${number(of(row, name).high)}`))))))));
}

function effects(card) {
  const head = ["measure", "as it was", "changed", "difference", "95 %", "", "both arms", "gain"];
  const folded = shownOf(card).folded;
  const turns = card.effects.some((effect) => effect.politics === EACH);
  const rank = (effect) => (effect.politics === EACH ? 0 : 1);
  const order = [...new Set(card.effects.map((effect) => effect.measure))];
  const sorted = [...card.effects].sort((a, b) => order.indexOf(a.measure) - order.indexOf(b.measure) || rank(a) - rank(b));
  const rows = sorted.filter((effect) => !(folded && turns && effect.politics !== EACH)).map((effect) => {
    const one = turns && effect.politics !== EACH;
    const beside = card.effects.filter((other) => other.measure === effect.measure);
    const felt = effect.low > 0 || effect.high < 0;
    const gain = effect.pairing_gain !== null && effect.pairing_gain < LEAST_GAIN ? " no help" : "";
    return make("tr", { class: one ? "school" : "" },
      one ? make("th", { scope: "row" }, make("small", {}, decision(effect.politics)))
        : make("th", { scope: "row", title: effect.what }, effect.measure, " ", make("small", {}, turns ? `${effect.unit}, mean of the schools` : effect.unit)),
      make("td", { class: "number" }, number(effect.factual)), make("td", { class: "number" }, number(effect.counterfactual)),
      make("td", { class: felt ? "number" : "number weak" }, number(effect.difference)),
      make("td", { class: "number" }, `${number(effect.low)} to ${number(effect.high)}`),
      make("td", {}, difference(effect, number, beside)),
      make("td", {}, arms(effect, number, beside)),
      make("td", { class: "number" }, number(effect.pairing_gain) + gain));
  });
  const fold = turns ? make("button", { type: "button", class: "fold", "aria-pressed": String(!folded), onclick: () => { shownOf(card).folded = !folded; show(card); } }, "By school") : null;
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Effects" }, fold,
    make("table", {}, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", class: NUMBERS.includes(text) ? "number" : "" }, text)))),
      make("tbody", {}, ...rows)));
}

function button(text, act, where = "errors") {
  return make("button", { type: "button", onclick: async () => {
    at(where).replaceChildren();
    try { await act(); } catch (errors) { at(where).replaceChildren(...faults(errors)); }
  } }, text);
}

function acts(card) {
  const path = `/api/what-if/${card.id}`;
  const act = (word, body) => async () => { show(await ask("POST", `${path}/${word}`, body)); watch(); };
  const waits = card.state === "queued" || card.state === "running";
  const list = [];
  if (waits) list.push(button("Cancel", act("cancel")));
  else {
    if (card.campaign && card.done < card.pairs) list.push(button(card.done ? "Resume" : "Repeat", act("again")));
    if (card.campaign && card.state === "done" && card.pairs < (campaign?.most_pairs ?? 0) && !(card.factors.length && card.of * 2 > campaign.most_played))
      list.push(button("Refine", act("again", { pairs: Math.min(card.pairs * 2, campaign.most_pairs) })));
    list.push(button("Name", async () => {
      const name = prompt("A name for this answer", card.name);
      if (name !== null) show(await ask("POST", `${path}/name`, { name }));
    }));
    if (card.done) list.push(make("a", { class: "button", href: `${path}/data`, download: true }, "Data"));
    list.push(button("Delete", async () => {
      if (!confirm("Delete this answer?")) return;
      await ask("DELETE", path);
      cards.get(card.id)?.remove();
      drawn.delete(card.id);
      cards.delete(card.id);
      at("no-answers").hidden = cards.size > 0;
    }));
  }
  return make("div", { class: "acts" }, ...list);
}

function command(text) {
  return make("div", { class: "command" }, make("code", {}, text),
    make("button", { type: "button", onclick: (event) => {
      navigator.clipboard?.writeText(text);
      event.target.textContent = "Copied";
    } }, "Copy"));
}

const toldOf = (card) => JSON.stringify([card.state, card.name, card.done, card.pairs, card.errors]);

// Between two tellings of the figures only the bar moves: to build the tables anew would take time from the runs.
function heard(card) {
  const shown = cards.get(card.id), bar = shown?.querySelector("progress");
  if (!bar || shown.dataset.told !== toldOf(card)) return show(card);
  bar.value = card.played;
  shown.querySelector(".state").textContent = stateOf(card);
}

// ---- the maps of an answer ----

const drawn = new Map(); // card -> its maps, which stay on the page while the figures around them are renewed
let drawing = null;
const NO_MAPS = "The maps of this answer cannot be drawn: the client was not built when khingan was installed. Install khingan again where the npm registry can be reached; the figures stand without it.";

function maps(card) {
  if (!drawing || !card.mapped) return null;
  if (!drawn.has(card.id)) drawn.set(card.id, new drawing.Maps((path) => ask("GET", path), `/api/what-if/${card.id}/maps`));
  const made = drawn.get(card.id);
  made.tell(card.mapped);
  return made.element;
}

// Puts a card's new content around its maps: a slider that is being dragged must not leave the page.
function renew(before, article, kept) {
  const parts = [...article.childNodes], place = parts.findIndex((part) => part.dataset?.maps !== undefined);
  for (const part of [...before.childNodes]) if (part !== kept) part.remove();
  kept.before(...parts.slice(0, place));
  kept.after(...parts.slice(place + 1));
  Object.assign(before.dataset, article.dataset);
}

function show(card) {
  const asksWhy = card.factors.length > 0;
  const title = card.name || (asksWhy ? `Why: ${card.factors.join(", ")}` : card.changes.join(" + ")) || "nothing changed";
  const counted = asksWhy ? `runs of each of ${2 ** card.factors.length} combinations` : "pairs";
  const timed = card.first_seconds === null ? "" : `, first figures after ${card.first_seconds} s, ${card.seconds} s in all`;
  const article = make("article", { id: `card-${card.id}`, "data-state": card.state, "data-told": toldOf(card) },
    make("header", {}, make("h3", {}, title),
      make("span", { class: "state", "data-state": card.state }, stateOf(card)), acts(card)),
    !card.campaign ? null : make("p", { class: "facts" }, `${number(card.done)} of ${number(card.pairs)} ${counted}, seed ${card.seed}${timed}`),
    card.state === "running" || card.state === "queued"
      ? make("progress", { max: card.of, value: card.played, "aria-label": "runs played" }) : null,
    card.errors.length ? make("ul", { class: "errors" }, ...faults(card.errors)) : null,
    card.sentences.length ? make("ul", { class: "sentences" }, ...card.sentences.map((text) => make("li", {}, text))) : null,
    decided(card),
    card.shares.length ? why(card) : null,
    card.effects.length ? make("div", { "data-maps": true }) : null,
    card.mapped && campaign && !drawing ? make("p", { class: "facts unmapped" }, NO_MAPS) : null,
    card.effects.length ? make("p", { class: "facts key" }, "Both arms, 50 and 90 % of the runs:",
      make("i", { class: "was" }), "as it was", make("i", { class: "changed" }), "changed") : null,
    card.effects.length ? effects(card) : null,
    card.campaign ? command(card.command) : null);
  const before = cards.get(card.id), ran = before?.dataset.state === "running";
  const called = (one) => one.getAttribute("aria-label") ?? one.textContent;
  const held = before?.contains(document.activeElement) ? called(document.activeElement) : null;
  const kept = card.effects.length ? maps(card) : null, stays = before && kept?.parentNode === before;
  const hole = article.querySelector("[data-maps]");
  if (stays) renew(before, article, kept);
  else {
    if (kept) hole.replaceWith(kept);
    else hole?.remove();
    if (before) before.replaceWith(article);
    else at("answers").prepend(article);
  }
  const shown = stays ? before : article;
  cards.set(card.id, shown);
  if (held && !shown.contains(document.activeElement)) [...shown.querySelectorAll("button, a, select, [tabindex]")].find((one) => called(one) === held)?.focus();
  at("no-answers").hidden = true;
  if (card.state === "running") tell(`${title}: ${stateOf(card)}, ${card.done} of ${card.pairs} ${counted}`);
  else if (ran) tell(`${title}: ${stateOf(card)}`);
}

// The server was away: what it says now stands, whatever was shown before.
async function back() {
  const found = await ask("GET", "/api/what-if");
  for (const [id, article] of cards) if (!found.some((card) => card.id === id)) { article.remove(); cards.delete(id); drawn.delete(id); }
  for (const card of found) show(card);
  at("no-answers").hidden = cards.size > 0;
  await studies();
}

let away = false;

function gone() {
  away = true;
  tell("The server does not answer; trying again ...");
  for (const article of cards.values()) if (article.querySelector("progress")) article.querySelector(".state").textContent = "no word from the server";
}

function watch() {
  if (source) return;
  source = new EventSource("/api/events");
  source.addEventListener("card", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("idle", () => { source.close(); source = null; });
  source.addEventListener("open", () => {
    if (!away) return;
    away = false;
    tell("The server answers again.");
    back().catch(gone);
  });
  source.addEventListener("error", () => { gone(); if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(watch, 2000); } });
}

// ---- the studies ----

function study(entry) {
  const path = `/api/studies/${encodeURIComponent(entry.name)}`;
  const facts = entry.errors.length ? "" :
    `${entry.campaign}, ${number(entry.runs)} runs, seed ${entry.seed}, ${entry.created.slice(0, 16).replace("T", " ")}` +
    (entry.changes.length ? `; changed: ${entry.changes.join(", ")}` : "");
  return make("article", {},
    make("header", {}, make("h3", {}, entry.name), make("div", { class: "acts" },
      entry.page ? make("a", { class: "button", href: `/studies/${encodeURIComponent(entry.name)}`, target: "_blank", rel: "noopener" }, "Open the page") : null,
      entry.page ? make("a", { class: "button", href: `/studies/${encodeURIComponent(entry.name)}`, download: `${entry.name}.html` }, "Page") : null,
      make("a", { class: "button", href: `${path}/data`, download: true }, "Data"),
      button("Name", async () => {
        const name = prompt("Another name for this study", entry.name);
        if (name !== null) { await ask("POST", `${path}/name`, { name }); await studies(); }
      }, "study-errors"),
      button("Delete", async () => {
        if (confirm(`Delete the study ${entry.name} with all its runs?`)) { await ask("DELETE", path); await studies(); }
      }, "study-errors"))),
    facts ? make("p", { class: "facts" }, facts) : null,
    entry.errors.length || entry.page ? null : make("p", { class: "facts" }, "No page yet: ", make("code", {}, "khingan report"), " with its folder writes one."),
    entry.errors.length ? make("ul", { class: "errors" }, ...faults(entry.errors)) : null,
    entry.command ? command(entry.command) : null);
}

async function studies() {
  const found = await ask("GET", "/api/studies");
  at("studies").replaceChildren(...found.map(study));
  at("no-studies").hidden = found.length > 0;
}

// ---- the beginning ----

function politics() {
  if (!campaign.politics) return;
  const { schools } = campaign.politics;
  at("politics-part").hidden = at("school-part").hidden = false;
  at("politics").append(make("option", { value: EACH }, "the schools in turn"),
    ...schools.map((one) => make("option", { value: one.key }, one.title)),
    make("option", { value: "calendar" }, "the historical calendar"));
  at("schools").append(...schools.map((one) => make("div", { class: "school-words" }, make("h4", {}, one.title),
    make("p", {}, one.thesis), make("p", {}, make("small", {}, `${one.holders}. ${one.sources.join("; ")}`)))));
}

function keys(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing) { event.preventDefault(); at("find").focus(); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); at("ask").requestSubmit(); }
}

async function begin() {
  at("ask").addEventListener("submit", submit);
  at("ask").addEventListener("change", count);
  for (const one of document.querySelectorAll("input[name=mode]")) one.addEventListener("change", turn);
  at("pairs").addEventListener("input", count);
  at("own").addEventListener("input", count);
  at("find").addEventListener("input", find);
  at("find").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.ctrlKey) event.preventDefault(); });
  at("add-date").addEventListener("click", addDate);
  document.addEventListener("keydown", keys);
  try {
    campaign = await ask("GET", "/api/campaign");
    at("title").textContent = campaign.title;
    document.title = `khingan: ${campaign.title}`;
    at("pairs").max = campaign.most_pairs;
    at("date").value = campaign.h_hour.slice(0, 16);
    const [own, switches] = [campaign.changes.filter((one) => !one.switch), campaign.changes.filter((one) => one.switch)];
    at("changes").append(...own.map((one) => option("change", one)),
      make("h3", {}, "Mechanisms switched off"), ...switches.map((one) => option("change", one)));
    at("factors").append(...campaign.factors.map((one) => option("factor", one)),
      make("h3", {}, "Changes as factors"), ...own.map((one) => option("factor", one)),
      make("h3", {}, "Mechanisms"), ...switches.map((one) => option("factor", one)));
    politics();
    turn();
    at("measures").append(...campaign.measures.map((one) => option("measure", one)));
    if (campaign.maps) drawing = await import("/maps.js").catch(() => null);
    for (const card of await ask("GET", "/api/what-if")) show(card);
    await studies();
    tell(`${campaign.changes.length} changes, ${campaign.measures.length} measures`);
    watch();
  } catch (errors) {
    at("errors").replaceChildren(...faults(errors));
    tell("The campaign could not be read.");
  }
  document.documentElement.dataset.ready = "";
}

begin();
