// The panels beside the map: against history, the chosen thing with its evidence, the chronicle, the whole comparison.
import { fan, histogram, strip, type Dot, type Fan } from "./charts";
import { count, percent, row, type Body, type Calendar, type Claimed, type Row, type Statement, type Study, type Width } from "./data";
import { h, trusted } from "./dom";
import { symbolSvg } from "./sprites";
import type { Selection, State } from "./state";

export type Actions = {
  select: (selection: Selection | null, look?: boolean) => void;
  step: (to: number) => void;
  body: (index: number) => void;
  look: (x: number, y: number, zoom?: number) => void;
};

const NULLS: Record<string, string> = { plan: "Plan", calendar: "Calendar", distance: "Distance" };
const BY: Record<string, string> = {
  all: "Everything", phase: "By phase", group: "By operation", measure: "By measure", fitted: "Open to fitting, and held out", axis: "By axis",
};
const MEASURES: Record<string, string> = { control: "taken", works_fall: "works fall", disarmed: "disarmed", landing: "landing", air_landing: "landing by air" };

export class Panels {
  constructor(private study: Study, private calendar: Calendar, private actions: Actions) {}

  /** The army that leads with tanks, unless another is asked for. */
  lead(state: State): number {
    const { bodies, formations, armies, side } = this.study;
    if (state.body >= 0) return state.body;
    const chosen = state.selection;
    const army = chosen?.kind === "army" ? chosen.index : chosen?.kind === "formation" ? formations[chosen.index].army : -1;
    if (army >= 0 && armies[army].side === side) {
      const own = bodies.findIndex((b) => b.kind === "army" && b.key === armies[army].key);
      if (own >= 0 && Number.isFinite(row(this.study.table.advance, own)[0])) return own;
    }
    const tanks = new Map<number, number>();
    for (const f of formations) if (f.side === side && f.role === "field" && !f.off) tanks.set(f.army, (tanks.get(f.army) ?? 0) + (f.start[1] ?? 0));
    const most = [...tanks].sort((a, b) => b[1] - a[1])[0];
    return most ? bodies.findIndex((b) => b.kind === "army" && b.armies[0] === most[0]) : -1;
  }

  against(state: State): HTMLElement {
    const { study } = this, lead = this.lead(state), body = study.bodies[lead];
    const own = study.bodies.findIndex((b) => b.kind === "side" && b.key === study.side);
    const other = study.bodies.findIndex((b) => b.kind === "side" && b.key !== study.side);
    const section = h("section", { class: "against" }, h("header", {}, h("h3", {}, study.rows.length ? "Against history" : "Day by day"),
      h("p", { class: "key" }, h("b", { class: "model" }, "median"), `, 50 % and 80 % of runs${study.rows.length ? " · " : ""}`, study.rows.length ? h("b", {}, "history") : null)));
    if (!study.bodies.length) return section;
    const armies = study.bodies.map((b, k) => ({ b, k })).filter(({ b, k }) => b.kind === "army" && b.side === study.side && Number.isFinite(row(study.table.advance, k)[0]));
    const select = h("select", { id: "body", "aria-label": "Army of the charts", change: () => this.actions.body(Number(select.value)) },
      ...armies.map(({ b, k }) => h("option", { value: k, selected: k === lead }, b.name)));
    const charts = h("div", { class: "fans" });
    if (body) charts.append(fan(this.advance(lead, body), study.days, this.calendar, "fan-advance"));
    charts.append(fan(this.losses(own), study.days, this.calendar, "fan-losses"));
    charts.append(fan(this.prisoners(other), study.days, this.calendar, "fan-prisoners"));
    if (body) charts.append(fan(this.fuel(lead, body), study.days, this.calendar, "fan-fuel"));
    section.append(h("label", { class: "picker" }, "Advance and fuel of ", select), charts);
    return section;
  }

  private shares(name: string, body: number): ArrayLike<number>[] {
    return this.study.fans.map((_, share) => row(this.study.table[name], body, share));
  }

  private advance(index: number, body: Body): Fan {
    const dots: Dot[] = body.dots.map(([day, km, name]) => ({ day, low: km, value: km, high: km, name })).sort((a, b) => a.day - b.day);
    return { title: body.name, unit: `km from ${body.start || "its start"}, foremost`, bands: this.shares("advance", index), scale: 1, dots, fromZero: true };
  }

  private fuel(index: number, body: Body): Fan {
    return { title: "Fuel in hand", unit: `refills, ${body.name}`, bands: this.shares("fuel", index), scale: 1, dots: [], digits: 1, note: this.fuelNote(index) };
  }

  /** That history is silent is said where it speaks of other things; a campaign without history says so once, below. */
  private fuelNote(index: number): string | undefined {
    if (!Number.isFinite(row(this.study.table.fuel, index, 2)[0])) return "no tank or mechanized formation in it";
    return this.study.rows.length ? "history: no figure recorded" : undefined;
  }

  private men(measures: string[], body: number): ArrayLike<number>[] {
    const { table, losses, fans } = this.study;
    return fans.map((_, share) => {
      const parts = measures.map((m) => row(table.losses, losses.indexOf(m), body, share));
      return Float32Array.from(parts[0] ?? [], (_, day) => parts.reduce((sum, part) => sum + part[day], 0));
    });
  }

  private total(body: Body, measures: string[], name: string): Dot[] {
    const known = measures.map((m) => body.totals[m]).filter(Boolean);
    if (known.length !== measures.length) return [];
    const sum = (k: number) => known.reduce((all, figures) => all + figures[k], 0);
    return [{ day: body.counted, low: sum(0), value: sum(1), high: sum(2), name }];
  }

  private losses(index: number): Fan {
    const body = this.study.bodies[index], bands = this.men(["killed", "captured", "died", "wounded", "sick"], index);
    const dots = this.total(body, ["irrecoverable_losses", "sanitary_losses"], "published total"), scale = thousands(bands, dots);
    return { title: `Losses, ${this.sideName(body.key)}`, unit: `${scale > 1 ? "thousands" : "men"}, all causes`, bands, scale, dots, digits: scale > 1 ? 1 : 0, fromZero: true };
  }

  private prisoners(index: number): Fan {
    const body = this.study.bodies[index], bands = this.men(["captured"], index), dots = this.total(body, ["prisoners"], "registered prisoners"), scale = thousands(bands, dots);
    return { title: "Prisoners taken", unit: scale > 1 ? "thousands" : "men", bands, scale, dots, fromZero: true };
  }

  sideName(key: string): string {
    return (this.study.sides[key] ?? key).split(/,| and /)[0];
  }

  /** The rows farthest from history. */
  worst(most: number): HTMLElement {
    const { study } = this, dated = study.rows.filter((r) => r.unit === "h");
    if (!dated.length) return h("section", {}, h("p", { class: "hint" }, "This campaign has no dated events to lay the runs beside: what stands here is the model alone."));
    const outside = dated.filter((r) => !r.inside).length;
    const head = h("tr", {}, h("th", {}, "Place"), h("th", { class: "drawn" }, h("span", {}, this.calendar.day(0)), h("span", {}, this.calendar.day(study.horizon - 1)), h("i", {}, "never")), h("th", {}, "History"), h("th", {}, "Rank"));
    const body = h("tbody", {}, ...dated.slice(0, most).map((r) => this.shortRow(r)));
    return h("section", { class: "worst" }, h("header", {}, h("h3", {}, "Day of control, worst first"), h("p", { class: "key" }, `${outside} of ${dated.length} outside the 5–95 % interval`)),
      h("table", {}, h("thead", {}, head), body));
  }

  private shortRow(r: Row): HTMLElement {
    const index = this.study.rows.indexOf(r), choose = () => this.actions.select({ kind: "target", index }, true);
    return h("tr", { class: r.inside ? "in" : "out", click: choose },
      h("th", { scope: "row" }, h("button", { type: "button", class: "link row" }, r.place), r.measure === "control" ? null : h("small", {}, ` ${r.words}`)), h("td", { class: "drawn" }, strip(r, this.study, SHORT_STRIP) as unknown as HTMLElement),
      h("td", {}, this.calendar.day(r.observed)), h("td", { class: extreme(r) ? "extreme" : "" }, percent(r.rank)));
  }

  /** The chosen thing: what it is, its figures at the moment, its distribution, the evidence it rests on. */
  chosen(state: State): HTMLElement {
    const section = h("section", { class: "chosen", id: "chosen" }), { selection } = state;
    if (!selection) {
      section.append(h("h3", {}, "Nothing chosen"), h("p", { class: "hint" }, "Click a symbol, a town, works or a row; or press / to find by name."));
      return section;
    }
    const parts: Record<Selection["kind"], (index: number, state: State) => (Node | null)[]> = {
      formation: (k, s) => this.formation(k, s), army: (k, s) => this.army(k, s), place: (k) => this.place(k), works: (k) => this.works(k),
      target: (k) => this.target(k), claim: (k) => [this.statement(this.study.statements[k], true)],
    };
    for (const part of parts[selection.kind](selection.index, state)) if (part) section.append(part);
    return section;
  }

  private title(name: string, under: string, symbol?: Element): HTMLElement {
    return h("div", { class: "title" }, symbol ?? null, h("div", {}, h("h3", {}, name), h("p", {}, under)),
      h("button", { type: "button", class: "plain", "aria-label": "Clear the selection", title: "Clear (Esc)", click: () => this.actions.select(null) }, "×"));
  }

  private formation(index: number, state: State): Node[] {
    const { study } = this, f = study.formations[index], army = study.armies[f.army];
    const day = Math.min(study.days - 1, Math.max(0, Math.ceil((state.step * study.step) / 24) - 1));
    const strength = (m: number) => [0, 1, 2].map((share) => row(study.table.strength, m, index, share)[day]);
    const figures = study.table.strength.shape[0] ? study.strengths.map((name, m) => ({ name, v: strength(m) })).filter(({ name, v }) => name === "men" || v[2] > 0) : [];
    const facts = figures.map(({ name, v }) => fact(name === "fuel" ? v[1].toFixed(1) : count(v[1]), name === "fuel" ? "refills in hand" : name, v[0] === v[2] ? "" : name === "fuel" ? `${v[0].toFixed(1)}–${v[2].toFixed(1)}` : `${count(v[0])}–${count(v[2])}`));
    const bands = study.table.strength.shape[0] ? [0, 0, 1, 2, 2].map((share) => row(study.table.strength, 0, index, share)) : [];
    const chart = bands.length ? fan({ title: "Men", unit: "80 % of runs and median", bands, scale: 1, dots: [] }, study.days, this.calendar, "fan-men") : null;
    const off = f.off ? h("p", { class: "hint" }, `Kept off the map: ${f.off}.`) : null;
    return [this.title(f.name, [army?.name, army?.front, f.role].filter(Boolean).join(" · "), trusted(symbolSvg(f.icon, f.side === study.side))),
      h("div", { class: "facts" }, ...facts), off, chart,
      f.side === study.side ? null : histogram(row(study.table.by_end, index), study, this.calendar, null, "Lays down arms"), this.evidence(f.claims)].filter(Boolean) as Node[];
  }

  private army(index: number, state: State): Node[] {
    const { study } = this, army = study.armies[index];
    const body = study.bodies.findIndex((b) => b.kind === "army" && b.key === army.key);
    const day = Math.min(study.days - 1, Math.max(0, Math.ceil((state.step * study.step) / 24) - 1));
    const own = study.formations.map((f, k) => ({ f, k })).filter(({ f }) => f.army === index);
    const men = own.reduce((sum, { f }) => sum + (f.start[0] ?? 0), 0), tanks = own.reduce((sum, { f }) => sum + (f.start[1] ?? 0), 0);
    const at = (name: string) => study.fans.map((_, share) => row(study.table[name], body, share)[day]);
    const facts = [fact(count(men), "men at H-hour", ""), tanks ? fact(count(tanks), "tanks and guns at H-hour", "") : null];
    if (body >= 0 && Number.isFinite(at("advance")[2])) facts.push(fact(`${count(at("advance")[2])} km`, "gone, median", `${count(at("advance")[0])}–${count(at("advance")[4])}`));
    if (body >= 0 && Number.isFinite(at("fuel")[2])) facts.push(fact(at("fuel")[2].toFixed(1), "refills in hand", `${at("fuel")[0].toFixed(1)}–${at("fuel")[4].toFixed(1)}`));
    if (army.side !== study.side && body >= 0) {
      const taken = this.men(["captured"], body);
      facts.push(fact(count(taken[2][day]), "prisoners, median", `${count(taken[0][day])}–${count(taken[4][day])}`));
    }
    const list = h("details", {}, h("summary", {}, `${own.length} formations`), h("ul", { class: "members" }, ...own.map(({ f, k }) => h("li", {}, h("button", { type: "button", class: "link", click: () => this.actions.select({ kind: "formation", index: k }) }, f.name), h("span", {}, count(f.start[0] ?? 0))))));
    return [this.title(army.name, [army.front, army.headquarters && `headquarters ${army.headquarters}`].filter(Boolean).join(" · "), trusted(symbolSvg(army.icon, army.side === study.side))),
      h("div", { class: "facts" }, ...facts), list, this.evidence(army.claims)];
  }

  private place(index: number): Node[] {
    const { study } = this, place = study.places[index];
    const rows = study.rows.filter((r) => r.place === place.name && r.unit === "h"), control = rows.find((r) => r.measure === "control");
    const known = [place.then, place.now, ...place.other].filter((n, k, all) => n && all.indexOf(n) === k).slice(1);
    const cell = study.table.placecell.values[index];
    const home = cell >= 0 && study.table.home.values[cell];
    const part = home ? h("p", { class: "hint" }, "Held by the attacker from the start.") : cell < 0 ? h("p", { class: "hint" }, "No land cell of the map stands for it.") : histogram(row(study.table.by_place, index), study, this.calendar, control ? control.observed : null, "Changes hands");
    return [this.title(place.then, [known.length ? `also ${known.join(", ")}` : "", place.role].filter(Boolean).join(" · ")), part,
      ...rows.map((r) => this.rowSaid(r)), this.evidence(place.claims)];
  }

  private works(index: number): Node[] {
    const { study } = this, works = study.works[index];
    const r = study.rows.find((x) => x.place === works.place && x.measure === "works_fall");
    return [this.title(works.name, `${works.strength} works at ${works.place}`), histogram(row(study.table.by_works, index), study, this.calendar, r ? r.observed : null, "Give up"),
      r ? this.rowSaid(r) : null, this.evidence(works.claims)].filter(Boolean) as Node[];
  }

  private target(index: number): Node[] {
    const { study } = this, r = study.rows[index];
    if (r.unit !== "h") return [this.title(r.place, r.words), this.rowSaid(r)];
    const place = study.places.findIndex((p) => p.name === r.place);
    const part = r.subject >= 0 ? histogram(row(study.table.by_target, r.subject), study, this.calendar, r.observed, r.words[0].toUpperCase() + r.words.slice(1)) : null;
    return [this.title(r.place, `${r.words} · ${study.operations[r.group] ?? r.group} · ${r.phase}`), part, this.rowSaid(r),
      this.evidence(place >= 0 ? study.places[place].claims : [])].filter(Boolean) as Node[];
  }

  private rowSaid(r: Row): HTMLElement {
    const nulls = Object.entries(r.null_crps).filter(([, v]) => v !== null).map(([k, v]) => `${NULLS[k]?.toLowerCase() ?? k} ${(v! / 24).toFixed(1)}`).join(", ");
    const score = r.unit === "h" ? `Score ${(r.crps / 24).toFixed(1)} days${nulls ? `; the nulls ${nulls}` : ""}. ` : "";
    return h("p", { class: "rowsaid" }, h("span", { class: `grade ${r.grade}` }, r.grade || "–"), r.said || `${r.words}: history ${count(r.observed)}, median ${count(r.median)}, 5–95 % ${count(r.q05)}–${count(r.q95)}.`, " ", score,
      `Rank of history ${percent(r.rank)}.`);
  }

  /** Claim, source, grade and basis of what a thing rests on. */
  evidence(claims: Claimed): HTMLElement {
    const { study } = this, box = h("div", { class: "evidence" }, h("h4", {}, "Evidence"));
    if (!claims.length) box.append(h("p", { class: "hint" }, "It rests on no claim of the ledger."));
    for (const [what, key] of claims) {
      const c = study.claims[key];
      if (!c) {
        box.append(h("p", { class: "hint" }, `${what}: claim ${key} is not in the ledger.`));
        continue;
      }
      const [kind, low, best, high, unit, source, locus, grade, basis, note] = c;
      const cited = study.sources[source];
      const span = unit === "ratio" ? (low === 1 && high === 1 ? "" : ` × ${low} to ${high}`) : ` ${best} ${unit} (${low} to ${high})`;
      box.append(h("div", { class: "claim" }, h("span", { class: `grade ${grade}`, title: `grade ${grade}` }, grade),
        h("div", {}, h("p", {}, h("b", {}, what), ` · ${key}${span}`, note ? h("span", {}, ` — ${note}`) : null),
          h("small", {}, `${cited ? cited[0] : source}${locus ? `, ${locus}` : ""} · ${kind}, ${basis}`))));
    }
    return box;
  }

  statement(c: Statement, chosen: boolean): HTMLElement {
    const index = this.study.statements.indexOf(c);
    const go = () => this.actions.select({ kind: "claim", index }, true);
    const hours = c.hours[0], inside = hours !== null && hours >= 0 && hours <= this.study.horizon;
    return h("article", { class: chosen ? "statement chosen" : "statement", id: chosen ? undefined : `claim-${c.claim}` },
      h("header", {}, h("b", {}, c.claim), h("span", {}, `¶ ${c.paragraph}`), h("span", { class: `kind ${c.kind}` }, c.kind), h("span", {}, dates(c))),
      h("button", { type: "button", class: "words", click: go }, c.statement),
      c.reading ? h("p", {}, h("i", {}, "reading "), h("u", {}, c.reading)) : null,
      c.printed ? h("p", {}, h("i", {}, "printed "), `“${c.printed}”`) : null,
      chosen && c.correction ? h("p", {}, h("i", {}, "correction "), c.correction) : null,
      chosen && c.why ? h("p", {}, h("i", {}, "because "), c.why) : null,
      chosen && c.agree ? h("p", {}, h("i", {}, "agree "), c.agree) : null,
      chosen && c.differ ? h("p", {}, h("i", {}, "differ "), c.differ) : null,
      chosen && c.feeds.length ? h("p", {}, h("i", {}, "feeds "), c.feeds.join(", ")) : null,
      c.held || c.disputed ? h("p", {}, c.held ? `Held by ${c.held}. ` : "", c.disputed ? `Disputed by ${c.disputed}.` : "") : null,
      h("p", { class: "use" }, c.use, inside ? h("button", { type: "button", class: "link", click: () => this.actions.step(Math.round(hours! / this.study.step)) }, ` to ${this.calendar.day(hours!)}`) : null,
        ...c.places.map((name) => h("button", { type: "button", class: "link", click: () => this.goPlace(name) }, ` ${name}`))));
  }

  goPlace(name: string): void {
    const index = this.study.places.findIndex((p) => p.name === name);
    if (index >= 0) this.actions.select({ kind: "place", index }, true);
  }

  chronicle(state: State): HTMLElement {
    const chosen = state.selection?.kind === "claim" ? state.selection.index : -1;
    const list = this.study.statements.map((c, k) => this.statement(c, k === chosen));
    return h("section", { class: "chronicle" }, h("header", {}, h("h3", {}, "Chronicle"), h("p", { class: "key" }, `${list.length} statements of the source text, each with its repaired reading`)),
      ...(list.length ? list : [h("p", { class: "hint" }, "This campaign has no source text.")]));
  }

  /** The whole comparison on a page of its own. */
  comparison(): HTMLElement {
    const { study } = this, dated = study.rows.filter((r) => r.unit === "h"), men = study.rows.filter((r) => r.unit !== "h");
    const page = h("div", { class: "comparison", id: "comparison" }, h("h2", {}, "Laid beside history"), h("p", { class: "lead" }, study.finding || "Nothing of history is recorded to lay these runs beside."));
    if (!study.rows.length) return page;
    page.append(h("p", { class: "hint" }, `Conditioned on ${study.conditioned}. Bar: 5 to 95 % of runs; tick: median; dot: history with its precision. Rank: share of runs at least as early as history. CRPS: the mean miss of the whole ensemble in days, lower is better, beside three forecasts that know nothing of war.`));
    const head = ["Place", `${this.calendar.day(0)} to ${this.calendar.day(study.horizon - 1)}, never`, "History", "Median", "5–95 %", "Rank", "Never", "CRPS", ...Object.values(NULLS)];
    page.append(h("p", { class: "hint narrow" }, "A wider screen has more columns: intervals, scores and the forecasts that know nothing of war."));
    page.append(h("h3", {}, `${dated.length} dated events, worst first`), table("wide dated", head, dated.map((r) => this.longRow(r))));
    if (men.length) page.append(h("h3", {}, "Men and tanks"), table("wide men", ["Figure", "", "History", "Median", "5–95 %", "Rank"], men.map((r) => this.menRow(r))));
    if (study.without.length) page.append(h("p", { class: "hint" }, `Not compared, for want of a like in the model: ${study.without.join("; ")}.`));
    page.append(h("h3", {}, "Scores"), this.scores(), h("h3", {}, "Where the width comes from"), this.width(study.width));
    return page;
  }

  private longRow(r: Row): HTMLElement {
    const index = this.study.rows.indexOf(r), day = (v: number) => this.calendar.day(v);
    const better = (v: number | null) => (v === null ? h("td", { class: "null" }, "") : h("td", { class: v < r.crps ? "null beats" : "null" }, (v / 24).toFixed(1)));
    return h("tr", { class: r.inside ? "in" : "out", title: r.said }, h("th", { scope: "row" }, h("button", { type: "button", class: "link", click: () => this.actions.select({ kind: "target", index }, true) }, r.place), r.measure === "control" ? null : h("small", {}, ` ${r.words}`)),
      h("td", { class: "drawn" }, strip(r, this.study, STRIP) as unknown as HTMLElement), h("td", {}, day(r.observed)), h("td", {}, day(r.median)), h("td", {}, day(r.q05) === day(r.q95) ? day(r.q05) : `${day(r.q05)} – ${day(r.q95)}`),
      h("td", { class: extreme(r) ? "extreme" : "" }, percent(r.rank)), h("td", {}, r.never ? percent(r.never) : ""), h("td", {}, (r.crps / 24).toFixed(1)), ...Object.keys(NULLS).map((k) => better(r.null_crps[k] ?? null)));
  }

  private menRow(r: Row): HTMLElement {
    return h("tr", { class: r.inside ? "in" : "out" }, h("th", { scope: "row" }, r.words[0].toUpperCase() + r.words.slice(1), h("small", {}, ` ${this.study.operations[r.place] ?? r.place}`)),
      h("td", { class: "drawn" }, strip(r, this.study, STRIP) as unknown as HTMLElement), h("td", {}, count(r.observed)), h("td", {}, count(r.median)), h("td", {}, `${count(r.q05)} – ${count(r.q95)}`), h("td", { class: extreme(r) ? "extreme" : "" }, percent(r.rank)));
  }

  private named(key: string): string {
    return key === "all" ? "all together" : (this.study.operations[key] ?? MEASURES[key] ?? key);
  }

  private scores(): HTMLElement {
    const { scores } = this.study, body: HTMLElement[] = [];
    for (const by of Object.keys(BY)) {
      const lines = scores.filter((l) => l.by === by);
      if (lines.length) body.push(h("tr", { class: "by" }, h("th", { colspan: 11 }, BY[by])));
      for (const l of lines)
        body.push(h("tr", {}, h("th", { scope: "row" }, this.named(l.key)), ...[l.targets, `${l.inside} (${percent(l.inside / l.targets)})`, `${percent(l.axis_coverage)} of ${l.axes}`, (l.width).toFixed(1), signed(l.late), percent(l.never), (l.crps / 24).toFixed(1),
          ...Object.keys(NULLS).map((k) => (l.skill[k] === null ? "" : signed(l.skill[k]!, 2)))].map((v) => h("td", {}, String(v)))));
    }
    return table("wide scores", ["", "Targets", "Inside", "Inside by axis", "Width, d", "Median late, d", "Never", "CRPS, d", ...Object.values(NULLS).map((n) => `Skill v. ${n.toLowerCase()}`)], body);
  }

  private width(shares: Width[]): HTMLElement {
    if (!shares.length) return h("p", { class: "hint" }, "Not measured for this study.");
    return table("wide", ["", "Targets", "Typical spread, d", "Luck", "Evidence", "Parameters"], shares.map((s) => h("tr", {}, h("th", { scope: "row" }, this.named(s.key)), ...[s.targets, s.sd.toFixed(1), percent(s.luck), percent(s.claims), percent(s.parameters)].map((v) => h("td", {}, String(v))))));
  }

  /** What a screen reader is told of a moment: how many dated places are in the attacker's hands in most runs. */
  spoken(step: number): string {
    const dated = this.study.rows.filter((r) => r.unit === "h" && r.measure === "control"), hours = step * this.study.step;
    const runs = dated.filter((r) => r.median <= hours).length, past = dated.filter((r) => r.observed <= hours).length;
    return `${this.calendar.full(hours)}: ${runs} of ${dated.length} dated places taken in most runs, ${past} in history`;
  }
}

/** Men of a great war are counted by thousands, of a border fight one by one. */
const thousands = (bands: ArrayLike<number>[], dots: Dot[]): number =>
  Math.max(0, ...Array.from(bands[bands.length - 1] ?? []).filter(Number.isFinite), ...dots.map((d) => d.high)) >= 5000 ? 1000 : 1;
const SHORT_STRIP = innerWidth > 600 ? 170 : 112;
const STRIP = innerWidth > 1200 ? 330 : innerWidth > 600 ? 230 : 104;
const signed = (v: number, digits = 1): string => (v > 0 ? "+" : v < 0 ? "−" : "") + Math.abs(v).toFixed(digits);
const extreme = (r: Row): boolean => r.rank < 0.1 || r.rank > 0.9;
const fact = (value: string, what: string, span: string): HTMLElement => h("div", {}, h("b", {}, value), h("span", {}, what), span ? h("small", {}, span) : null);
const table = (kind: string, head: string[], rows: HTMLElement[]): HTMLElement =>
  h("div", { class: kind, tabindex: 0, role: "region", "aria-label": "table" }, h("table", {}, h("thead", {}, h("tr", {}, ...head.map((t) => h("th", {}, t)))), h("tbody", {}, ...rows)));
const dates = (c: Statement): string => (c.dates[0] === c.dates[1] ? c.dates[0] : `${c.dates[0]} – ${c.dates[1]}`);

