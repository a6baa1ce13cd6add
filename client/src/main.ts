// The page: one study, its map, its panels, its clock; all of the state stands in the link.
import "./style.css";
import { moveNow } from "./charts";
import { CellGrid } from "./control";
import { afterwards, believed } from "./belief";
import { ending, schoolsPage } from "./schools";
import { Calendar, count, Damaged, readStudy, row, type Row, type Study, type Table } from "./data";
import { h } from "./dom";
import { FrontCache, FrontLines } from "./front";
import { Ground } from "./ground";
import { MapPane, scaleBar, type Shared } from "./map";
import { Panels } from "./panels";
import { alone, fromHash, toHash, type Layers, type Page, type Selection, type Shows, type State } from "./state";
import { Timeline } from "./timeline";
import { theme } from "./theme";
import { Units } from "./units";
import { fit, held, toMap, type View } from "./view";

const app = document.getElementById("app")!;

async function start(): Promise<void> {
  const study = await readStudy();
  const ground = new Ground(study);
  await Promise.all([ground.load(), fontsReady()]);
  new Client(study, ground).open();
  document.documentElement.dataset.ready = "true";
}

async function fontsReady(): Promise<void> {
  const wanted = ["500 12px 'Source Sans 3 Variable'", "500 12px 'Source Serif 4 Variable'", "italic 500 12px 'Source Serif 4 Variable'"];
  await Promise.race([Promise.all(wanted.map((font) => document.fonts.load(font))), new Promise((done) => setTimeout(done, 800))]);
}

// On a narrow screen the middle of the opening view is shown rather than all of it: 4.2 km a pixel.
const SMALLEST = 0.0238;

class Client {
  private calendar: Calendar;
  private state: State;
  private panels: Panels;
  private timeline: Timeline;
  private map: MapPane;
  private inset: MapPane | null = null;
  private shared: Shared;
  private side = h("aside", { class: "side", tabindex: -1, "aria-label": "Panels" });
  private mapBox = h("div", { class: "map", tabindex: 0, role: "application", "aria-label": "Map: arrows step the clock, plus and minus zoom, W A S D move it, Enter reads its middle" });
  private insetBox = h("div", { class: "inset", "data-floats": "" });
  private compared: HTMLElement | null = null;
  private scale = h("div", { class: "scale", "data-floats": "" });
  private tip = h("div", { class: "tip", hidden: true });
  private live = h("p", { class: "live", "aria-live": "polite" });
  private least = 0.02;
  private hashTimer = 0;
  private system = matchMedia("(prefers-color-scheme: dark)");
  private printing = false;

  constructor(private study: Study, ground: Ground) {
    this.calendar = new Calendar(study);
    const grid = new CellGrid(study), units = new Units(study);
    const counts = { army: study.armies.length, formation: study.formations.length, place: study.places.length, works: study.works.length, target: study.rows.length, claim: study.statements.length };
    this.state = fromHash(location.hash, this.limits(counts));
    this.shared = { study, ground, grid, units, fronts: new FrontCache(new FrontLines(grid, study)), history: historyRows(study) };
    this.panels = new Panels(study, this.calendar, {
      select: (selection, look) => this.select(selection, look), step: (to) => this.step(to), body: (index) => { this.state.body = index; this.showSide(); this.remember(); },
      look: (x, y, zoom) => this.look(x, y, zoom),
    });
    this.timeline = new Timeline(study, this.calendar, { step: (to) => this.step(to), select: (s) => this.select(s, true), open: (page) => this.open_(page) }, () => this.state.step);
    this.map = new MapPane(this.mapBox, this.shared);
    if (study.ground.views.inset) this.inset = new MapPane(this.insetBox, this.shared, true);
    addEventListener("hashchange", () => { if (location.hash.slice(1) !== toHash(this.state)) { this.state = fromHash(location.hash, this.limits(counts)); this.all(); } });
  }

  private limits(counts: Record<Selection["kind"], number>) {
    return { steps: this.study.steps, runs: this.study.table.single?.shape[0] ?? 0, bodies: this.study.bodies.length, counts, pages: this.pages(), shows: this.grounds() };
  }

  open(): void {
    app.replaceChildren(this.skip(), this.header(), h("p", { class: "paper" }, this.study.finding), h("main", {}, h("div", { class: "stage" }, this.mapBox, this.timeline.element), this.side), this.live, this.footer());
    const views = this.study.ground.views;
    this.mapBox.append(this.controls(), this.zoomButtons(), this.legend(), this.scale, this.tip);
    if (this.inset && views.inset) {
      this.insetBox.append(h("span", {}, views.inset.title));
      this.mapBox.append(this.insetBox);
    }
    this.wire();
    this.all();
  }

  /** Everything anew: size, theme, view, panels. */
  private all(): void {
    const dark = !this.printing && (this.state.dark ?? this.system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.dataset.page = this.state.page;
    document.documentElement.toggleAttribute("data-alone", alone(this.state.page)); // before the map is measured: a page that stands alone hides it
    if (alone(this.state.page)) {
      this.showSide();
      this.marks();
      return;
    }
    for (const pane of this.inset ? [this.map, this.inset] : [this.map]) {
      pane.resize(this.printing ? 2 : 1);
      pane.theme = theme(dark);
      pane.state = this.state;
    }
    const { opening } = this.study.ground.views, box = this.study.ground.box;
    const first = opening ? fit(opening, this.map.width, this.map.height) : fit(this.around(), this.map.width, this.map.height);
    first.scale = Math.max(first.scale, Math.min(SMALLEST, fit(box, this.map.width, this.map.height, true).scale * 3));
    this.least = Math.min(first.scale * 0.6, fit(box, this.map.width, this.map.height, true).scale);
    this.map.view = held(this.state.view ?? first, box, this.map.width, this.map.height, this.least);
    if (this.inset && this.study.ground.views.inset) this.inset.view = fit(this.study.ground.views.inset.box, this.inset.width, this.inset.height);
    this.marks();
    this.rebuild();
    this.showSide();
    this.showMoment();
    this.timeline.hang();
  }

  /** Without a view of its own a campaign opens on its dated places, or on all its cells. */
  private around(): number[] {
    const dated = this.study.places.filter((p) => this.shared.history.has(p.name)), of = dated.length > 1 ? dated : this.study.places;
    if (of.length < 2) return this.study.ground.box;
    const xs = of.map((p) => p.x), ys = of.map((p) => p.y);
    return [Math.min(...xs) - 1000, Math.min(...ys) - 1000, Math.max(...xs) + 1000, Math.max(...ys) + 1000];
  }

  private rebuild(): void {
    const { km, px } = scaleBar(this.map.view.scale, this.study.ground.perkm);
    this.scale.replaceChildren(h("i", { style: `width:${px}px` }), `${km} km`);
    this.map.rebuild();
    if (this.inset && this.insetBox.clientWidth) this.inset.rebuild();
  }

  private step(to: number): void {
    const step = Math.min(Math.max(Math.round(to), 0), this.study.steps);
    if (step === this.state.step) return;
    this.state.step = step;
    if (!alone(this.state.page)) this.map.draw();
    if (this.inset?.width) this.inset.draw(); // its width as last measured: asking the page would lay it out anew
    this.showMoment();
    this.remember();
  }

  private showMoment(): void {
    this.timeline.show(this.state);
    moveNow(this.state.step / this.study.steps);
    clearTimeout(this.spokenTimer);
    this.spokenTimer = window.setTimeout(() => { this.live.textContent = this.panels.spoken(this.state.step); this.refreshFacts(); }, 250);
  }
  private spokenTimer = 0;

  /** The figures of the chosen formation belong to the day; they follow once the slider rests. */
  private refreshFacts(): void {
    const kind = this.state.selection?.kind;
    if (kind !== "army" && kind !== "formation") return;
    const old = this.side.querySelector("#chosen .facts"), fresh = this.panels.chosen(this.state).querySelector(".facts");
    if (old && fresh) old.replaceWith(fresh);
  }

  select(selection: Selection | null, look = false): void {
    this.state.selection = selection;
    if (selection && look && !alone(this.state.page)) this.goTo(selection);
    if (alone(this.state.page)) {
      if (!selection) return this.remember();
      this.open_("map");
      if (look) this.goTo(selection);
    }
    this.map.rebuild();
    this.showSide();
    moveNow(this.state.step / this.study.steps);
    this.remember();
    if (selection) this.side.querySelector(selection.kind === "claim" && this.state.page === "chronicle" ? ".statement.chosen" : "#chosen")?.scrollIntoView({ block: "nearest" });
  }

  private goTo(selection: Selection): void {
    const { study } = this;
    if (selection.kind === "place") this.lookAt(study.places[selection.index]);
    if (selection.kind === "works") this.lookAt(study.works[selection.index]);
    if (selection.kind === "target") {
      const place = study.places.find((p) => p.name === study.rows[selection.index].place);
      if (place) this.lookAt(place);
    }
    if (selection.kind === "claim") {
      const claim = study.statements[selection.index], hours = claim.hours[0];
      if (hours !== null && hours >= 0 && hours <= study.horizon) this.step(Math.round(hours / study.step));
      const place = study.places.find((p) => claim.places.includes(p.name));
      if (place) this.lookAt(place);
    }
    if (selection.kind === "formation" || selection.kind === "army") {
      const unit = selection.kind === "army" ? this.shared.units.army(selection.index, this.state.step, this.state.run) : this.shared.units.formation(selection.index, this.state.step, this.state.run);
      if (unit) this.lookAt(unit);
    }
  }

  /** Moves the map only where the point is not already in sight. */
  private lookAt({ x, y }: { x: number; y: number }): void {
    const [px, py] = this.map.screen(x, y), margin = 60;
    const inset = this.study.ground.views.inset?.box;
    if (inset && x > inset[0] && x < inset[2] && y > inset[1] && y < inset[3] && this.insetBox.clientWidth && !this.state.view) return;
    if (px < margin || py < margin || px > this.map.width - margin || py > this.map.height - margin) this.look(x, y);
  }

  private look(x: number, y: number, zoom?: number): void {
    this.setView({ x, y, scale: zoom ?? this.map.view.scale });
  }

  private setView(view: View): void {
    this.state.view = held(view, this.study.ground.box, this.map.width, this.map.height, this.least);
    this.map.view = this.state.view;
    this.rebuild();
    this.remember();
  }

  private showSide(): void {
    const { page } = this.state;
    document.documentElement.dataset.page = page;
    this.compared?.remove();
    this.compared = null;
    document.documentElement.toggleAttribute("data-alone", alone(page));
    if (alone(page)) {
      this.compared = this.single(page);
      this.compared.tabIndex = -1;
      document.querySelector("main")!.append(this.compared);
    }
    const top = this.side.scrollTop, focus = this.side.contains(document.activeElement) ? nameOf(document.activeElement!) : null;
    this.side.replaceChildren(...(page === "chronicle" ? [this.panels.chosen(this.state), this.panels.chronicle(this.state)] : [this.panels.against(this.state), this.panels.worst(8), this.panels.chosen(this.state)]));
    this.side.scrollTop = top;
    // What had the focus was made anew: whoever goes by keyboard must not be thrown back to the top.
    if (focus !== null) ([...this.side.querySelectorAll<HTMLElement>("button, select, summary, [tabindex]")].find((one) => nameOf(one) === focus) ?? this.side).focus({ preventScroll: true });
    for (const tab of document.querySelectorAll<HTMLElement>("nav button")) tab.setAttribute("aria-current", String(tab.dataset.page === page));
  }

  private single(page: Page): HTMLElement {
    const { belief, heard, schools } = this.study;
    if (page === "belief" && (belief || heard)) {
      const before = belief ? believed(belief, this.study.start.slice(0, 10)) : h("div", { class: "comparison belief", id: "belief" });
      if (heard) before.append(afterwards(heard, this.study, this.calendar, () => { this.state.shows = "belief"; this.state.run = -1; this.open_("map"); }));
      return before;
    }
    if (page === "schools" && schools) return schoolsPage(schools, this.study.politics);
    return this.panels.comparison();
  }

  private grounds(): Shows[] {
    const { reach, heard } = this.study;
    return ["control", ...(reach ? ["supply" as const] : []), ...(heard ? ["belief" as const] : [])];
  }

  private pages(): Page[] {
    const { belief, heard, schools } = this.study;
    return ["map", ...(belief || heard ? ["belief" as const] : []), ...(schools ? ["schools" as const] : []), "chronicle", "comparison"];
  }

  private open_(page: Page): void {
    const anew = alone(this.state.page) || alone(page);
    this.state.page = page;
    this.showSide();
    if (anew) this.all();
    this.showMoment();
    this.remember();
  }

  private remember(): void {
    clearTimeout(this.hashTimer);
    this.hashTimer = window.setTimeout(() => history.replaceState(null, "", `#${toHash(this.state)}`), 120);
  }

  /** The link fragment holds the state, so this link moves the focus itself. */
  private skip(): HTMLElement {
    const past = (e: Event) => { e.preventDefault(); (this.compared ?? this.side).focus(); };
    return h("a", { class: "skip", href: "#panels", click: past }, "Skip to the panels");
  }

  private header(): HTMLElement {
    const { study } = this, tab = (page: Page, text: string) => h("button", { type: "button", "data-page": page, click: () => this.open_(page) }, text);
    const days = `${this.calendar.day(0)} – ${this.calendar.day(study.horizon - 1)} ${this.calendar.moment(0).getUTCFullYear()}`;
    return h("header", { class: "top" }, h("span", { class: "mark" }, "khingan"), h("div", { class: "study" }, h("h1", {}, study.title), h("p", {}, `${days} · ${count(study.runs)} runs · seed ${study.seed}${study.politics ? ` · ${ending(study)}` : ""}`)),
      h("nav", { "aria-label": "Views" }, ...this.pages().map((page) => tab(page, page[0].toUpperCase() + page.slice(1)))),
      h("div", { class: "tools" }, h("button", { type: "button", id: "find", click: () => this.find() }, "Find a place or unit", h("kbd", {}, "/")),
        h("button", { type: "button", id: "theme", title: "Light or dark", "aria-label": "Light or dark", click: () => { this.state.dark = !(this.state.dark ?? this.system.matches); this.all(); this.remember(); } }, "◐"),
        h("button", { type: "button", id: "link", title: "Copy a link to this view", click: (e) => this.copyLink(e.currentTarget as HTMLElement) }, "Link")));
  }

  private copyLink(button: HTMLElement): void {
    history.replaceState(null, "", `#${toHash(this.state)}`);
    const said = (text: string) => { button.textContent = text; setTimeout(() => { button.textContent = "Link"; }, 1500); };
    if (!navigator.clipboard) return said("in the address");
    navigator.clipboard.writeText(location.href).then(() => said("copied"), () => said("in the address"));
  }

  private footer(): HTMLElement {
    const { study } = this;
    return h("footer", {}, h("p", {}, `${study.summary} ${study.settings}${study.politics ? `; ${ending(study)}` : ""}; campaign ${study.fingerprint}; khingan ${study.version}. Relief and outlines: Natural Earth and Mapzen terrain; climate: Rubel et al. 2017. Type: Source Sans 3 and Source Serif 4 (SIL OFL 1.1). Symbols: milsymbol.`));
  }

  private controls(): HTMLElement {
    const { state, study } = this, runs = study.table.single?.shape[0] ?? 0;
    const pressed = (button: HTMLElement, on: boolean) => button.setAttribute("aria-pressed", String(on));
    const pair = (label: string, ...buttons: HTMLElement[]) => h("div", { class: "pair", role: "group", "aria-label": label, "data-floats": "" }, ...buttons);
    const press = (id: string, text: string, run: () => void) => h("button", { type: "button", id, click: run }, text);
    const which = h("select", { id: "run", "aria-label": "Run", hidden: true, change: () => { this.state.run = Number(which.value); this.all(); this.remember(); } },
      ...Array.from({ length: runs }, (_, k) => h("option", { value: k }, `run ${k + 1} of ${count(study.runs)}`)));
    const all = press("ensemble", "Ensemble", () => { this.state.run = -1; this.all(); this.remember(); });
    const one = press("one", "One run", () => { this.state.shows = "control"; this.state.run = Number(which.value) || 0; this.all(); this.remember(); });
    const then = press("then", `${this.calendar.moment(0).getUTCFullYear()} names`, () => { this.state.names = "then"; this.all(); this.remember(); });
    const now = press("now", "Modern", () => { this.state.names = "now"; this.all(); this.remember(); });
    const words: Record<Shows, string> = { control: "Control", supply: "Supply", belief: "Belief" };
    const grounds = this.grounds().map((shows) => press(`ground-${shows}`, words[shows], () => { this.state.shows = shows; if (shows !== "control") this.state.run = -1; this.all(); this.remember(); }));
    this.marks = () => {
      grounds.forEach((button) => pressed(button, button.id === `ground-${this.state.shows}`));
      this.legendBox.replaceChildren(...this.key_());
      pressed(all, this.state.run < 0);
      pressed(one, this.state.run >= 0);
      which.hidden = this.state.run < 0;
      if (this.state.run >= 0) which.value = String(this.state.run);
      pressed(then, this.state.names === "then");
      pressed(now, this.state.names === "now");
      for (const box of layers.querySelectorAll<HTMLInputElement>("input")) box.checked = this.state.layers[box.name as keyof Layers];
    };
    const layer = (name: keyof Layers, text: string) => h("label", {}, h("input", { type: "checkbox", name, checked: state.layers[name], change: (e) => { this.state.layers[name] = (e.target as HTMLInputElement).checked; this.rebuild(); this.remember(); } }), text);
    const views = Object.entries((study.ground.views as { presets?: Record<string, number[]> }).presets ?? {});
    const preset = (name: string, box: number[]) => h("button", { type: "button", class: "link", click: () => this.setView(fit(box, this.map.width, this.map.height)) }, name);
    const layers = h("details", { class: "layers" }, h("summary", { "data-floats": "" }, "Layers"), h("div", {}, layer("control", "Tint: control, supply or belief"), layer("history", "History’s dated places"), layer("units", "Formations"), layer("works", "Fortified regions"),
      views.length ? h("p", {}, "Look at ", ...views.flatMap(([name, box]) => [preset(name, box), " "])) : null,
      grounds.length < 3 ? h("p", { class: "hint" }, "This study was played before runs recorded supply and reports.") : null));
    return h("div", { class: "controls" }, pair("What is shown", all, one), which, grounds.length > 1 ? pair("Ground", ...grounds) : null, pair("Names", then, now), layers);
  }
  private marks: () => void = () => undefined;

  private zoomButtons(): HTMLElement {
    const press = (id: string, text: string, label: string, run: () => void) => h("button", { type: "button", id, "aria-label": label, title: label, click: run }, text);
    return h("div", { class: "zoom", "data-floats": "" }, press("in", "+", "Zoom in", () => this.zoomBy(1.5)), press("out", "−", "Zoom out", () => this.zoomBy(1 / 1.5)), press("home", "⌂", "Opening view", () => { this.state.view = null; this.all(); this.remember(); }));
  }

  private zoomBy(factor: number, px = this.map.width / 2, py = this.map.height / 2): void {
    const { view, width, height } = this.map, [x, y] = toMap(view, width, height, px, py);
    const scale = Math.min(Math.max(view.scale * factor, this.least), 0.6), share = view.scale / scale;
    this.setView({ x: x + (view.x - x) * share, y: y + (view.y - y) * share, scale });
  }

  private legendBox = h("div", {});

  /** What the tint says, and what the share of runs looks like in it. */
  private key_(): HTMLElement[] {
    const { study, state } = this, side = this.panels.sideName(study.side), other = Object.keys(study.sides).filter((key) => key !== study.side).map((key) => this.panels.sideName(key)).join(", ");
    const bands = (kind: string, title: string) => h("div", { class: `bands ${kind}`, title }, h("i", {}), h("i", {}), h("i", {}));
    const shares = () => h("div", { class: "shares" }, h("span", {}, "10 %"), h("b", {}, "50 %"), h("span", {}, "90 %"));
    if (state.run >= 0 || state.shows === "control") return [bands("", `${side} holds the ground`), shares()];
    if (state.shows === "supply") return [h("p", {}, "Trucks there and back in a day:"), h("p", {}, side), bands("", `${side} reaches it`), h("p", {}, other), bands("theirs", `${other} still reaches it`), shares()];
    return [h("p", {}, `${study.heard?.side ?? "The defender"} has heard that this is lost`), bands("theirs", "known to be lost"), shares(), h("p", { class: "two" }, h("i", { class: "truth" }), "true front ", h("i", { class: "belief-front" }), "believed"), h("p", {}, "pale: not yet reported")];
  }

  private legend(): HTMLElement {
    const { study } = this, laid = new Set(study.lines.map((l) => l.kind));
    const line = (kind: string, text: string, shown: boolean) => (shown ? [h("li", {}, h("i", { class: kind }), text)] : []);
    return h("details", { class: "legend", open: innerWidth > 900, "data-floats": "", toggle: () => { if (this.map.measure()) this.map.draw(); } }, h("summary", {}, "Share of runs"), this.legendBox,
      h("ul", {}, ...line("dots", "history: taken, not yet", study.rows.length > 0), ...line("cloud", "chosen, 80 % of runs", true), ...line("comb", "fortified region", study.works.length > 0),
      ...line("broad", "rail, 1,524 mm", laid.has("broad")), ...line("standard", "rail, 1,435 mm", laid.has("standard")), ...line("narrow", "rail, narrow", laid.has("narrow"))));
  }

  private find(): void {
    const { study } = this, known: [string, Selection][] = [];
    study.armies.forEach((a, index) => known.push([a.name, { kind: "army", index }]));
    study.formations.forEach((f, index) => known.push([`${f.name}${study.armies[f.army] ? `, ${study.armies[f.army].name}` : ""}`, { kind: "formation", index }]));
    study.places.forEach((p, index) => { for (const name of new Set([p.then, p.now, p.name, ...p.other])) known.push([name === p.then ? name : `${name} (${p.then})`, { kind: "place", index }]); });
    study.works.forEach((w, index) => known.push([w.name, { kind: "works", index }]));
    const list = h("ul", { role: "listbox" }), field = h("input", { type: "search", "aria-label": "Find a place or unit", placeholder: "Mukden, 6th Guards Tank Army, Hutou …" });
    const dialog = h("dialog", { class: "find" }, field, list);
    const take = (selection: Selection) => { dialog.close(); this.select(selection, true); };
    const show = () => {
      const plain = (text: string) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(), asked = plain(field.value.trim());
      const found = asked ? known.filter(([name]) => plain(name).includes(asked)).sort((a, b) => plain(a[0]).indexOf(asked) - plain(b[0]).indexOf(asked) || a[0].length - b[0].length).slice(0, 9) : [];
      list.replaceChildren(...(asked && !found.length ? [h("li", { class: "hint" }, "Nothing of this name.")] : found.map(([name, selection]) => h("li", {}, h("button", { type: "button", click: () => take(selection) }, name, h("small", {}, selection.kind))))));
    };
    field.addEventListener("input", show);
    field.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); list.querySelector("button")?.click(); } });
    dialog.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.preventDefault(); dialog.close(); } }); // of itself Escape would only empty the field
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  }

  private wire(): void {
    let resting = 0;
    addEventListener("resize", () => { clearTimeout(resting); resting = window.setTimeout(() => this.all(), 80); });
    this.system.addEventListener("change", () => this.all());
    addEventListener("beforeprint", () => this.paper(true));
    addEventListener("afterprint", () => this.paper(false));
    addEventListener("keydown", (e) => this.key(e));
    this.drag();
  }

  /** For paper the map is drawn light and at the shape it has there, and laid down as one picture. */
  private paper(on: boolean): void {
    this.printing = on;
    this.mapBox.style.cssText = on ? "width:880px;height:558px" : "";
    this.mapBox.querySelector(".printed")?.remove();
    this.all();
    if (!on || alone(this.state.page)) return;
    const { base, over } = this.map, sheetOf = h("canvas", { class: "printed", width: base.width, height: base.height }), c = sheetOf.getContext("2d")!;
    c.drawImage(base, 0, 0);
    c.drawImage(over, 0, 0);
    this.mapBox.prepend(sheetOf);
  }

  private key(e: KeyboardEvent): void {
    const target = e.target as HTMLElement;
    if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    const typing = target.matches("input:not([type=range], [type=checkbox]), select, textarea");
    const perDay = Math.max(1, Math.round(24 / this.study.step));
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.step(this.state.step - (e.shiftKey ? perDay : 1)), ArrowRight: () => this.step(this.state.step + (e.shiftKey ? perDay : 1)),
      Home: () => this.step(0), End: () => this.step(this.study.steps), "/": () => this.find(), Escape: () => this.select(null), "+": () => this.zoomBy(1.5), "=": () => this.zoomBy(1.5), "-": () => this.zoomBy(1 / 1.5),
      " ": () => this.timeline.play(),
    };
    if (target === this.mapBox) Object.assign(keys, this.mapKeys());
    const open = document.querySelector<HTMLDetailsElement>(".layers[open]");
    if (e.key === "Escape" && open) keys.Escape = () => { open.open = false; open.querySelector("summary")!.focus(); };
    if (alone(this.state.page) && e.key !== "/") return; // neither clock nor map is in sight
    if (typing || !(e.key in keys) || (e.key === " " && target.matches("button, summary, a, input[type=checkbox]"))) return;
    e.preventDefault();
    keys[e.key]();
  }

  private mapKeys(): Record<string, () => void> {
    const far = 80 / this.map.view.scale, { width, height } = this.map;
    const move = (dx: number, dy: number) => () => this.look(this.map.view.x + dx * far, this.map.view.y + dy * far);
    return { w: move(0, -1), a: move(-1, 0), s: move(0, 1), d: move(1, 0), Enter: () => this.click(width / 2, height / 2) };
  }

  private drag(): void {
    const { mapBox, map } = this;
    let from: { px: number; py: number; view: View; moved: boolean } | null = null, wheel = 0, factor = 1;
    const at = (e: MouseEvent): [number, number] => { const box = mapBox.getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
    const shift = (transform: string) => { map.base.style.transform = map.over.style.transform = transform; };
    map.over.addEventListener("pointerdown", (e) => { const [px, py] = at(e); from = { px, py, view: { ...map.view }, moved: false }; map.over.setPointerCapture(e.pointerId); });
    map.over.addEventListener("pointermove", (e) => {
      const [px, py] = at(e);
      if (!from) return this.hover(px, py);
      if (Math.hypot(px - from.px, py - from.py) > 4) from.moved = true;
      if (from.moved) shift(`translate(${px - from.px}px, ${py - from.py}px)`);
    });
    const drop = (e: PointerEvent) => {
      if (!from) return;
      const [px, py] = at(e), { view, moved } = from, dx = px - from.px, dy = py - from.py;
      from = null;
      shift("");
      if (moved) this.setView({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });
      else this.click(px, py);
    };
    this.inset?.over.addEventListener("click", (e) => {
      const found = this.inset?.hit(e.offsetX, e.offsetY);
      if (found) this.select(found.selection);
    });
    map.over.addEventListener("pointerup", drop);
    map.over.addEventListener("pointercancel", () => { from = null; shift(""); });
    map.over.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    map.over.addEventListener("wheel", (e) => {
      e.preventDefault();
      const [px, py] = at(e);
      factor *= Math.exp(-e.deltaY * 0.0015);
      map.base.style.transformOrigin = map.over.style.transformOrigin = `${px}px ${py}px`;
      shift(`scale(${factor})`);
      clearTimeout(wheel);
      wheel = window.setTimeout(() => { shift(""); map.base.style.transformOrigin = map.over.style.transformOrigin = ""; this.zoomBy(factor, px, py); factor = 1; }, 130);
    }, { passive: false });
  }

  /** What the tint says of one cell. */
  private saidOf(cell: number): string {
    const { study, calendar } = this, { shows } = this.state, tables = study.table;
    const three = (table: Table, read: (t: number) => string, ...at: number[]) => [0, 1, 2].map((level) => read(row(table, ...at, level)[cell])).map((day, k) => `${day} in ${["10 %", "half", "90 %"][k]}`).join(", ") + " of runs";
    if (shows === "supply") {
      const reached = three(tables.reach, (t) => (t === 255 ? "never" : calendar.day((t - 1) * 24)), 0), kept = three(tables.reach, (t) => (t ? calendar.day((t - 1) * 24) : "never"), 1);
      return `within a day’s trip of the attacker’s supply from ${reached}; of the defender’s until ${kept}`;
    }
    const by = (t: number) => (t === 255 ? "never" : calendar.day(t * study.unit));
    const held = `this ground is held by ${three(tables.control, by)}`;
    return shows === "belief" ? `${held}; headquarters has heard of it by ${three(tables.believed, by)}` : held;
  }

  private hover(px: number, py: number): void {
    const found = this.map.hit(px, py);
    this.tip.hidden = !found;
    this.map.over.style.cursor = found ? "pointer" : "grab";
    if (!found) return;
    this.tip.textContent = found.name;
    this.tip.style.left = `${Math.min(px + 12, this.map.width - 180)}px`;
    this.tip.style.top = `${py + 14}px`;
  }

  private click(px: number, py: number): void {
    const found = this.map.hit(px, py);
    if (found) return this.select(found.selection);
    const [x, y] = toMap(this.map.view, this.map.width, this.map.height, px, py), cell = this.shared.grid.nearest(x, y);
    if (cell < 0 || (this.study.table.home.values[cell] && this.state.shows !== "supply")) return this.select(null);
    this.tip.hidden = false;
    this.tip.textContent = this.saidOf(cell);
    this.tip.style.left = `${Math.min(px + 12, this.map.width - 220)}px`;
    this.tip.style.top = `${py + 14}px`;
  }
}

/** What an element is called, so that it can be found again when it was made anew. */
const nameOf = (one: Element): string => one.id || one.getAttribute("aria-label") || one.textContent || "";

/** One row a place: control goes before other measures. */
function historyRows(study: Study): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const r of study.rows) if (r.unit === "h" && (!found.has(r.place) || r.measure === "control")) found.set(r.place, r);
  return found;
}

start().catch((error: unknown) => {
  const known = error instanceof Damaged;
  app.replaceChildren(h("div", { class: "broken", role: "alert" }, h("h1", {}, "This page cannot show its study"), h("p", {}, known ? `${error.message}.` : String(error)), h("p", {}, "Make it again from the study’s folder: khingan report DIR")));
  document.documentElement.dataset.ready = "broken";
  if (!known) throw error;
});
