// The maps of a what-if in the laboratory: control in either arm on a chosen day, and the difference, with one slider.
import { CellGrid } from "./control";
import { linesOf, unpack, type Raw, type Study } from "./data";
import { h } from "./dom";
import { Ground, pen, sheet } from "./ground";
import { Player } from "./play";
import { LEVELS, Stage, type Land, type Named } from "./stage";
import { rgb, theme, type Theme } from "./theme";
import { toMap, toScreen } from "./view";

type Packed = Pick<Raw, "arrays" | "blob">;
type GroundAsked = Packed & Pick<Raw, "ground" | "start"> & { days: number; places: Named[]; side: string };
type Counted = Packed & { runs: number; days: number };
type Known = Land & { start: number; side: string; area: ArrayLike<number> };
/** Asks the server for JSON at a path. */
type Ask = (path: string) => Promise<unknown>;

const DAY_MS = 86400e3;
const NEAR = 500; // units of the map within which a place says where a spot lies
const dark = matchMedia("(prefers-color-scheme: dark)");
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

let known: Promise<Known> | null = null;
const stages = new Map<string, Stage>();

async function landOf(ask: Ask): Promise<Known> {
  const asked = (await ask("/api/ground")) as GroundAsked, table = await unpack(asked);
  const study = { ...asked, table, lines: linesOf(asked, table) } as unknown as Study;
  const ground = new Ground(study);
  await Promise.all([ground.load(), document.fonts.load('12px "Source Sans 3 Variable"').catch(() => [])]);
  return {
    ground, grid: new CellGrid(study), home: table.home.values, area: table.area.values, places: asked.places,
    box: asked.ground.box, opening: asked.ground.views.opening, start: Date.parse(asked.start), side: asked.side,
  };
}

function stageOf(land: Land, colours: Theme, width: number, height: number, ratio: number): Stage {
  const key = [width, height, ratio, colours.dark].join();
  const found = stages.get(key) ?? new Stage(land, colours, width, height, ratio);
  if (stages.size > 4) stages.delete(stages.keys().next().value!);
  stages.set(key, found);
  return found;
}

/** The shares of the runs of either arm that had held each cell by each day: (arm, day) gives a row of cells. */
class Shares {
  private constructor(readonly runs: number, readonly days: number, private rows: Float32Array[][]) {}

  static async read(said: Counted): Promise<Shares> {
    const { values, shape } = (await unpack(said)).counts, [arms, cells, days] = shape;
    const rows = Array.from({ length: arms }, (_, arm) => {
      const held = new Float32Array(cells);
      return Array.from({ length: days }, (_, day) => {
        for (let cell = 0; cell < cells; cell++) held[cell] += values[(arm * cells + cell) * days + day] / said.runs;
        return held.slice();
      });
    });
    return new Shares(said.runs, said.days, rows);
  }

  of(arm: number, day: number): Float32Array {
    return this.rows[arm][day];
  }

  difference(day: number): Float32Array {
    const before = this.of(0, day);
    return this.of(1, day).map((value, cell) => value - before[cell]);
  }

  /** The day on which the arms differ most. */
  telling(area: ArrayLike<number>): number {
    const apart = Array.from({ length: this.days + 1 }, (_, day) => this.difference(day).reduce((sum, value, cell) => sum + Math.abs(value) * area[cell], 0));
    return apart.indexOf(Math.max(...apart));
  }
}

const WALK = 9; // screen pixels that an arrow key moves the spot
const TITLES = ["As it was", "Changed", "Changed less as it was"];

/** Three maps and their slider; `element` stays the same while the answer is refined. */
export class Maps {
  readonly element: HTMLElement;
  private canvases = TITLES.map(() => h("canvas", { role: "img" }));
  private spots = TITLES.map(() => h("i", { class: "spot", hidden: true }));
  private tip = h("div", { class: "tip", role: "status", hidden: true });
  private slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Day of the maps" });
  private only = h("input", { type: "checkbox", change: () => { this.element.classList.toggle("only", this.only.checked); this.point(null); this.ask_(); } });
  private player = new Player(() => this.next());
  private moment = h("output", {});
  private words = h("p", { class: "facts" });
  private ends = h("div", { class: "ends", "aria-hidden": "true" });
  private scale = sheet(160, 10);
  private shares: Shares | null = null;
  private land: Known | null = null;
  private stage: Stage | null = null;
  private pointed: [number, number] | null = null; // of the map's units
  private drawn = ""; // what the maps show, so that nothing is painted twice
  private chosen = false;
  private wanted = 0;
  private frame = 0;
  private asking = false;
  private seen = false;

  constructor(private ask: Ask, private path: string) {
    const figures = this.canvases.map((canvas, k) => h("figure", {}, h("figcaption", {}, h("b", {}, "AB"[k] ?? "B − A"), TITLES[k]), this.sight(canvas, k)));
    this.element = h("section", { class: "maps", "aria-label": "Maps of control", hidden: true },
      h("div", { class: "three" }, ...figures),
      h("div", { class: "day" }, this.player.button, this.slider, this.moment), this.ends,
      h("label", { class: "only" }, this.only, "Difference only"), this.words, this.legend());
    this.slider.addEventListener("input", () => { this.chosen = true; this.player.stop(); this.ask_(); });
    dark.addEventListener("change", () => this.ask_());
    new ResizeObserver(() => this.ask_()).observe(this.element);
    new IntersectionObserver((entries) => { this.seen = entries.some((entry) => entry.isIntersecting); if (!this.seen) this.player.stop(); void this.refresh(); }, { rootMargin: "300px" }).observe(this.element);
  }

  /** A map that answers to pointer and keys: what the ground under the spot says in both arms. */
  private sight(canvas: HTMLCanvasElement, k: number): HTMLElement {
    const at = (event: MouseEvent): void => {
      const box = canvas.getBoundingClientRect();
      this.point([event.clientX - box.left, event.clientY - box.top], k);
    };
    return h("div", { class: "sight", tabindex: 0, role: "group", "aria-label": `${TITLES[k]}: arrows move over the ground and read it`,
      pointermove: (event) => at(event as PointerEvent), pointerdown: (event) => at(event as PointerEvent), pointerleave: () => this.point(null),
      blur: () => this.point(null), keydown: (event) => this.walk(event as KeyboardEvent, k) }, canvas, this.spots[k]);
  }

  private walk(event: KeyboardEvent, k: number): void {
    const away = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], { stage } = this;
    if (event.key === "Escape") this.point(null);
    if (!away || !stage) return;
    event.preventDefault();
    const from = this.pointed ? toScreen(stage.view, stage.width, stage.height, ...this.pointed) : [stage.width / 2, stage.height / 2];
    const far = WALK * (event.shiftKey ? 4 : 1), inside = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
    this.point([inside(from[0] + away[0] * far, stage.width), inside(from[1] + away[1] * far, stage.height)], k);
  }

  /** Puts the spot on a point of the screen, on every map, and its words beside it on map `k`. */
  private point(to: [number, number] | null, k = 0): void {
    const { stage } = this;
    this.pointed = to && stage ? toMap(stage.view, stage.width, stage.height, ...to) : null;
    const text = this.pointed ? this.read() : "";
    for (const spot of this.spots) {
      spot.hidden = !text;
      if (to) spot.style.cssText = `left:${to[0]}px;top:${to[1]}px`;
    }
    this.tip.hidden = !text;
    this.tip.textContent = text;
    if (!to || !text || !stage) return;
    this.canvases[k].after(this.tip);
    const left = to[0] > stage.width / 2;
    this.tip.style.cssText = `top:${Math.min(to[1] + 12, stage.height - 46)}px;${left ? `right:${stage.width - to[0] + 8}px` : `left:${to[0] + 10}px`}`;
  }

  /** What the cell under the spot says on this day in both arms. */
  private read(): string {
    const { shares, land, pointed } = this;
    if (!shares || !land || !pointed) return "";
    const cell = land.grid.nearest(...pointed), day = Number(this.slider.value);
    if (cell < 0) return "";
    const near = land.places.map((place) => ({ place, d: Math.hypot(place.x - pointed[0], place.y - pointed[1]) })).sort((a, b) => a.d - b.d)[0];
    const where = near && near.d < NEAR ? `Near ${near.place.then}: ` : "";
    if (land.home[cell]) return `${where}held by ${land.side} from the beginning`;
    const [was, now] = [0, 1].map((arm) => Math.round(100 * shares.of(arm, day)[cell])), apart = now - was;
    return `${where}held in ${was} % of the runs as it was, ${now} % changed; ${apart < 0 ? "−" : apart > 0 ? "+" : ""}${Math.abs(apart)} points`;
  }

  /** The next day while it plays; false at the end. */
  private next(): boolean {
    const day = Number(this.slider.value), last = Number(this.slider.max);
    this.chosen = true;
    this.slider.value = String(day >= last ? 0 : day + 1);
    this.ask_();
    return day + 1 !== last;
  }

  /** At most one painting a frame, however often it is asked for. */
  private ask_(): void {
    this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  private legend(): HTMLElement {
    const swatch = (level: number, text: string) => h("span", {}, h("i", { class: `held held-${level}` }), text);
    return h("div", { class: "legend" },
      h("span", {}, "Held in at least"), swatch(1, "10 %"), swatch(2, "50 %"), swatch(3, "90 % of the runs"),
      h("span", { class: "scale" }, "Held in fewer runs, −100 points", this.scale, "+100, in more"));
  }

  /** The answer rests on so many pairs now; new counts are asked for when the maps are in sight. */
  tell(pairs: number): void {
    this.wanted = pairs;
    this.element.hidden = !pairs;
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    if (this.asking || !this.seen || !this.wanted || this.shares?.runs === this.wanted) return;
    this.asking = true;
    const wanted = this.wanted;
    try {
      known ??= landOf(this.ask);
      this.land = await known;
      this.shares = await Shares.read((await this.ask(this.path)) as Counted);
      this.ready();
    } catch {
      this.words.textContent = "The maps could not be read; the figures stand.";
    }
    this.asking = false;
    if (this.wanted !== wanted) await this.refresh();
  }

  private ready(): void {
    const { shares, land } = this;
    if (!shares || !land) return;
    this.slider.max = String(shares.days);
    if (!this.chosen) this.slider.value = String(shares.telling(land.area));
    const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * shares.days));
    this.ends.replaceChildren(...marks.map((day) => h("span", {}, short.format(land.start + day * DAY_MS))));
    this.drawn = "";
    this.ask_();
  }

  private draw(): void {
    const { shares, land } = this, { clientWidth: width, clientHeight: height } = this.canvases[2];
    if (!shares || !land || !width || !height) return;
    const colours = theme(dark.matches), ratio = Math.min(window.devicePixelRatio || 1, 2), day = Number(this.slider.value);
    const wanted = [width, height, ratio, colours.dark, day, shares.runs, this.only.checked].join();
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const stage = (this.stage = stageOf(land, colours, width, height, ratio));
    const fields = [0, 1].map((arm) => stage.field.of(shares.of(arm, day))), apart = fields[1].map((value, k) => value - fields[0][k]);
    this.canvases.forEach((canvas, k) => {
      if (k < 2 && this.only.checked) return;
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) Object.assign(canvas, { width: width * ratio, height: height * ratio });
      stage.show(canvas, fields[k] ?? apart, k < 2 ? stage.tint : stage.apart, k === 2, (c) => {
        if (k < 2) for (const level of LEVELS) this.line(c, stage, fields[k], level, level === 0.5 ? colours.line : colours.faintLine, level === 0.5 ? 1.5 : 0.6);
      });
    });
    this.paintScale(stage);
    this.say(day);
    if (this.pointed) this.tip.textContent = this.read();
  }

  private line(c: CanvasRenderingContext2D, stage: Stage, field: Float32Array, level: number, colour: string, width: number): void {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.lineCap = "butt";
    c.stroke(stage.field.line(field, level, stage.inside));
  }

  private paintScale({ apart: { classes, classOf }, theme: colours }: Stage): void {
    const c = pen(this.scale), { width, height } = this.scale, picture = c.createImageData(width, height);
    const ground = rgb(colours.paper);
    for (let k = 0; k < width * height; k++) {
      const shade = classes[classOf((2 * (k % width)) / (width - 1) - 1)];
      for (let channel = 0; channel < 3; channel++) picture.data[4 * k + channel] = shade[256 * channel + ground[channel]];
      picture.data[4 * k + 3] = 255;
    }
    c.putImageData(picture, 0, 0);
  }

  /** The same in words: the moment, and the ground gained by then on average. */
  private say(day: number): void {
    const { shares, land } = this;
    if (!shares || !land) return;
    const gained = [0, 1].map((arm) => shares.of(arm, day).reduce((sum, value, cell) => sum + (land.home[cell] ? 0 : value * land.area[cell]), 0));
    const when = date.format(land.start + day * DAY_MS), apart = Math.round(gained[1]) - Math.round(gained[0]);
    const km2 = `${apart < 0 ? "−" : apart > 0 ? "+" : ""}${whole.format(Math.abs(apart))} km²`;
    this.moment.textContent = when;
    this.slider.setAttribute("aria-valuetext", `${when}, difference ${km2}`);
    this.words.textContent = `Ground gained by ${land.side} until then, mean of ${whole.format(shares.runs)} pairs with the same luck: ` +
      `${whole.format(gained[0])} km² as it was, ${whole.format(gained[1])} km² changed, ${km2}. Ground that was lost again still counts as held.`;
    const said = [`as it was, ${whole.format(gained[0])} km² gained`, `changed, ${whole.format(gained[1])} km² gained`, `difference, ${km2}`];
    this.canvases.forEach((canvas, k) => canvas.setAttribute("aria-label", `Map of control on ${when}: ${said[k]}`));
  }
}
