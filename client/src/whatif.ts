// The maps of a what-if in the laboratory: control in either arm on a chosen day, and the difference, with one slider.
import { CellGrid } from "./control";
import { linesOf, unpack, type Raw, type Study } from "./data";
import { h } from "./dom";
import { Ground, pen, sheet } from "./ground";
import { differing, LEVELS, Stage, tinted, type Land, type Named } from "./stage";
import { theme, type Theme } from "./theme";

type Packed = Pick<Raw, "arrays" | "blob">;
type GroundAsked = Packed & Pick<Raw, "ground" | "start"> & { days: number; places: Named[]; side: string };
type Counted = Packed & { runs: number; days: number };
type Known = Land & { start: number; side: string; area: ArrayLike<number> };
/** Asks the server for JSON at a path. */
type Ask = (path: string) => Promise<unknown>;

const DAY_MS = 86400e3;
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

/** Three maps and their slider; `element` stays the same while the answer is refined. */
export class Maps {
  readonly element: HTMLElement;
  private canvases = ["as it was", "changed", "difference"].map(() => h("canvas", { role: "img" }));
  private slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Day of the maps" });
  private moment = h("output", {});
  private words = h("p", { class: "facts" });
  private ends = h("div", { class: "ends", "aria-hidden": "true" });
  private scale = sheet(160, 10);
  private shares: Shares | null = null;
  private land: Known | null = null;
  private chosen = false;
  private wanted = 0;
  private asking = false;
  private seen = false;

  constructor(private ask: Ask, private path: string) {
    const titles = ["As it was", "Changed", "Changed less as it was"];
    const figures = this.canvases.map((canvas, k) => h("figure", {}, h("figcaption", {}, h("b", {}, "AB"[k] ?? "B − A"), titles[k]), canvas));
    this.element = h("section", { class: "maps", "aria-label": "Maps of control", hidden: true },
      h("div", { class: "three" }, ...figures),
      h("div", { class: "day" }, this.slider, this.moment), this.ends, this.words, this.legend());
    this.slider.addEventListener("input", () => { this.chosen = true; this.draw(); });
    dark.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.element);
    new IntersectionObserver((entries) => { this.seen = entries.some((entry) => entry.isIntersecting); void this.refresh(); }, { rootMargin: "300px" }).observe(this.element);
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
    this.draw();
  }

  private draw(): void {
    const { shares, land } = this, width = Math.round(this.canvases[0].clientWidth), height = Math.round(this.canvases[0].clientHeight);
    if (!shares || !land || !width || !height) return;
    const colours = theme(dark.matches), ratio = Math.min(window.devicePixelRatio || 1, 2);
    const stage = stageOf(land, colours, width, height, ratio), day = Number(this.slider.value);
    const fields = [shares.of(0, day), shares.of(1, day), shares.difference(day)].map((values) => stage.field.of(values));
    const tint = tinted(colours), apart = differing(colours);
    this.canvases.forEach((canvas, k) => {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      stage.show(canvas, stage.field.picture(fields[k], canvas.width, canvas.height, ratio, k < 2 ? tint : apart), k === 2, (c) => {
        if (k < 2) for (const level of LEVELS) this.line(c, stage, fields[k], level, level === 0.5 ? colours.line : colours.faintLine, level === 0.5 ? 1.5 : 0.6);
      });
    });
    this.paintScale(colours);
    this.say(day);
  }

  private line(c: CanvasRenderingContext2D, stage: Stage, field: Float32Array, level: number, colour: string, width: number): void {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.lineCap = "round";
    c.stroke(stage.field.line(field, level));
  }

  private paintScale(colours: Theme): void {
    const c = pen(this.scale), { width, height } = this.scale, picture = c.createImageData(width, height), colour = differing(colours);
    for (let k = 0; k < width * height; k++) colour((2 * (k % width)) / (width - 1) - 1, picture.data, 4 * k);
    const layer = sheet(width, height);
    pen(layer).putImageData(picture, 0, 0);
    c.fillStyle = colours.cover.steppe;
    c.fillRect(0, 0, width, height);
    c.drawImage(layer, 0, 0);
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
