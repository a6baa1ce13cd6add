// Control as a tint on the painted ground: every pixel knows the times at which it changes class, and a step of the
// slider repaints the pixels whose class changed and no other.
import type { Ground } from "./ground";
import { pen, sheet } from "./ground";
import { layInk, liftInk, type Corners, type Etching } from "./etched";
import { row, type Study, type Table } from "./data";
import { whenIdle } from "./idle";
import type { Shows } from "./state";
import type { RGB, Theme } from "./theme";
import type { View } from "./view";

export const NEVER = 255;
const TILE = 160; // tenths of a km
const REACH = 210; // a pixel listens to the cells nearer than this

/** The cells near every square of a coarse grid, so that a pixel need not look at all of them. */
export class CellGrid {
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly n: number;
  private tiles: Int32Array[] = [];
  private wide = 0;
  private tall = 0;
  private west = 0;
  private north = 0;

  constructor(study: Study) {
    const { values } = study.table.centres;
    this.n = values.length / 2;
    this.x = values.subarray(0, this.n) as Int16Array;
    this.y = values.subarray(this.n) as Int16Array;
    if (this.n) this.lay();
  }

  private lay(): void {
    this.west = this.x.reduce((a, b) => Math.min(a, b), 32767) - REACH;
    this.north = this.y.reduce((a, b) => Math.min(a, b), 32767) - REACH;
    this.wide = Math.ceil((this.x.reduce((a, b) => Math.max(a, b), -32768) + REACH - this.west) / TILE) + 1;
    this.tall = Math.ceil((this.y.reduce((a, b) => Math.max(a, b), -32768) + REACH - this.north) / TILE) + 1;
    const lists: number[][] = Array.from({ length: this.wide * this.tall }, () => []);
    for (let cell = 0; cell < this.n; cell++) {
      const left = Math.floor((this.x[cell] - REACH - this.west) / TILE), right = Math.floor((this.x[cell] + REACH - this.west) / TILE);
      const top = Math.floor((this.y[cell] - REACH - this.north) / TILE), foot = Math.floor((this.y[cell] + REACH - this.north) / TILE);
      for (let r = Math.max(0, top); r <= Math.min(foot, this.tall - 1); r++)
        for (let c = Math.max(0, left); c <= Math.min(right, this.wide - 1); c++) lists[r * this.wide + c].push(cell);
    }
    this.tiles = lists.map((list) => Int32Array.from(list));
  }

  /** Cells that may lie within reach of a point. */
  near(x: number, y: number): Int32Array {
    const c = Math.floor((x - this.west) / TILE), r = Math.floor((y - this.north) / TILE);
    return c < 0 || r < 0 || c >= this.wide || r >= this.tall ? EMPTY : this.tiles[r * this.wide + c];
  }

  /** The nearest cell within reach; -1 if none. */
  nearest(x: number, y: number): number {
    let best = -1, least = REACH * REACH;
    for (const cell of this.near(x, y)) {
      const d = (this.x[cell] - x) ** 2 + (this.y[cell] - y) ** 2;
      if (d < least) [best, least] = [cell, d];
    }
    return best;
  }
}

const EMPTY = new Int32Array(0);

/** Times by level: the three shares of an ensemble, or the one time of a single run thrice. */
export type Times = [Uint8Array, Uint8Array, Uint8Array];

export function timesOf(study: Study, run: number): Times {
  if (run >= 0) {
    const single = row(study.table.single, run) as Uint8Array;
    return [single, single, single];
  }
  return [0, 1, 2].map((level) => row(study.table.control, level) as Uint8Array) as Times;
}

/** What a tint is made of: the times at which ground is gained at each level, those at which it is lost, whether the
 * attacker's own ground takes part, and the colour of what is gained. */
export type Wash = { gained: Uint8Array[]; lost: Uint8Array[]; everywhere: boolean; colour: "control" | "belief" };

/** The tint that a map shows; days in a wash of supply, units of time in the others. */
export function washOf(study: Study, shows: Shows, run: number): Wash {
  const levels = (table: Table, ...at: number[]) => [0, 1, 2].map((level) => row(table, ...at, level) as Uint8Array);
  if (shows === "supply") {
    const kept = levels(study.table.reach, 1).map((days) => days.map((day) => (day ? day + 1 : 0)));
    return { gained: levels(study.table.reach, 0), lost: kept, everywhere: true, colour: "control" };
  }
  if (shows === "belief") return { gained: levels(study.table.believed), lost: [], everywhere: false, colour: "belief" };
  const times = timesOf(study, run);
  return { gained: times[0] === times[1] ? [times[0]] : times, lost: [], everywhere: false, colour: "control" };
}

type Asked = { view: View; ratio: number; times: Uint8Array[]; fine: boolean; everywhere: boolean; mask: Uint8ClampedArray };

const ROUGH = 3; // pixels to a side of what the first picture gives one time

const ROUGH_YET = new Set<Tint>();

export class Tint {
  private width = 0;
  private height = 0;
  private clean = new Uint8ClampedArray(0);
  private shown: ImageData | null = null;
  private fields: Uint8Array[] = [];
  private order: Uint32Array[] = [];
  private start: Uint32Array[] = [];
  private shades: Uint8Array[] = [];
  private kept: Uint8Array[] = [];
  private single = false;
  private gains = 0;
  private at = -1;
  private wanted = 0;
  private laid: Etching | null = null; // the front over the tint
  private below = new Uint32Array(0); // the pixels it hides

  constructor(private study: Study, private grid: CellGrid, private ground: Ground) {}

  /** Reads the painted ground and works out when each pixel changes; `fine` shows the cells themselves. */
  prepare(context: CanvasRenderingContext2D, view: View, ratio: number, theme: Theme, wash: Wash, fine: boolean): void {
    this.width = context.canvas.width;
    this.height = context.canvas.height;
    this.shown = context.getImageData(0, 0, this.width, this.height);
    this.clean = this.shown.data.slice();
    this.shades = shadesOf(theme, theme[wash.colour]);
    this.kept = wash.lost.length ? shadesOf(theme, theme.belief) : [];
    this.at = -1;
    this.laid = null;
    this.single = wash.gained.length === 1;
    this.gains = wash.gained.length;
    const asked: Asked = {
      view, ratio, fine, times: [...wash.gained, ...wash.lost], everywhere: wash.everywhere, mask: this.mask(view, ratio, wash.everywhere),
    };
    const rough = this.blank(asked);
    this.fill(rough, asked, ROUGH, 0, this.height);
    this.use(rough);
    this.refine(context, asked, ++this.wanted);
  }

  private use(fields: Uint8Array[]): void {
    this.fields = fields;
    const sorted = fields.map(byTime);
    this.order = sorted.map(([order]) => order);
    this.start = sorted.map(([, start]) => start);
  }

  /** The first picture has one time for a few pixels together; every pixel gets its own while the reader rests. */
  private refine(context: CanvasRenderingContext2D, asked: Asked, wanted: number): void {
    const made = this.blank(asked);
    let y = 0;
    ROUGH_YET.add(this);
    delete document.documentElement.dataset.fine;
    const go = (idle: { timeRemaining(): number }) => {
      if (wanted !== this.wanted) return;
      do { this.fill(made, asked, 1, y, Math.min(y + 8, this.height)); y += 8; } while (y < this.height && idle.timeRemaining() > 6);
      if (y < this.height) return void whenIdle(go);
      const unit = this.at, front = this.laid;
      this.use(made);
      this.shown!.data.set(this.clean);
      this.at = -1;
      this.laid = null;
      this.repaint(unit, front);
      context.putImageData(this.shown!, 0, 0);
      ROUGH_YET.delete(this);
      if (!ROUGH_YET.size) document.documentElement.dataset.fine = "true";
    };
    whenIdle(go);
  }

  /** Pixels that may be tinted: land in the defender's hands at the start, or all land. */
  private mask(view: View, ratio: number, everywhere: boolean): Uint8ClampedArray {
    const canvas = sheet(this.width, this.height), context = pen(canvas, true);
    const s = view.scale * ratio;
    context.setTransform(s, 0, 0, s, this.width / 2 - view.x * s, this.height / 2 - view.y * s);
    const coast = this.ground.byKind.has("coast");
    if (coast) context.clip(this.ground.land);
    if (this.ground.heldRing && !everywhere) context.fill(this.ground.heldRing);
    else context.fillRect(-40000, -40000, 80000, 80000);
    context.globalCompositeOperation = "destination-out";
    context.fill(this.ground.path(["lake"], true));
    const made = context.getImageData(0, 0, this.width, this.height);
    if (!this.ground.heldRing && !everywhere) foreign(this.grid, this.study.table.home.values, view, ratio, made);
    return made.data;
  }

  /** Where there is no cell nothing is ever gained, and nothing was there to be lost. */
  private blank(asked: Asked): Uint8Array[] {
    return asked.times.map((_, level) => new Uint8Array(this.width * this.height).fill(level < this.gains ? NEVER : 0));
  }

  /** For each level the unit of time at which each pixel is held: the weighted median of the cells around it, which is
   * where the outline of the blurred cells would pass. Squares of `block` pixels have the time of their middle. */
  private fill(made: Uint8Array[], asked: Asked, block: number, from: number, to: number): void {
    const { width, height, grid } = this, { view, ratio, times, fine, everywhere, mask } = asked, levels = times.length;
    const home = this.study.table.home.values, found = new Uint8Array(levels);
    const s = 1 / (view.scale * ratio), left = view.x - (width / 2) * s, top = view.y - (height / 2) * s;
    const cells = new Int32Array(64), weights = new Float32Array(64), ordered = new Int32Array(64);
    const reach = REACH * REACH;
    for (let py = from; py < to; py += block) {
      const y = top + (py + block / 2) * s, foot = Math.min(py + block, height);
      for (let px = 0; px < width; px += block) {
        const side = Math.min(px + block, width);
        if (!inside(mask, width, px, side, py, foot)) continue;
        const x = left + (px + block / 2) * s;
        const near = grid.near(x, y);
        let count = 0, total = 0, nearest = -1, least = reach;
        for (let j = 0; j < near.length && count < 64; j++) {
          const cell = near[j];
          if (home[cell] && !everywhere) continue;
          const d = (grid.x[cell] - x) ** 2 + (grid.y[cell] - y) ** 2;
          if (d >= reach) continue;
          if (d < least) { nearest = cell; least = d; }
          const share = 1 - d / reach;
          cells[count] = cell;
          total += weights[count++] = share * share * share;
        }
        if (!count) continue;
        for (let level = 0; level < levels; level++)
          found[level] = fine ? times[level][nearest] : middle(times[level], cells, weights, ordered, count, total);
        for (let j = py; j < foot; j++)
          for (let i = px; i < side; i++) {
            const k = j * width + i;
            if (mask[4 * k + 3] >= 128) for (let level = 0; level < levels; level++) made[level][k] = found[level];
          }
      }
    }
  }

  /** Brings the picture to a unit of time, with the front over it; -1 is the bare ground. */
  show(context: CanvasRenderingContext2D, unit: number, front: Etching | null): void {
    if (!this.shown || (unit === this.at && front === this.laid)) return;
    const [left, top, right, foot] = this.repaint(unit, front);
    if (foot >= top) context.putImageData(this.shown, 0, 0, left, top, right - left + 1, foot - top + 1);
  }

  /** Lifts the old front, colours the pixels that change and lays the new one; returns the corners of it all. */
  private repaint(unit: number, front: Etching | null): Corners {
    const pixels = new Uint32Array(this.shown!.data.buffer), corners = new Reach(this.width, this.height), old = this.laid;
    if (old) liftInk(old, this.below, pixels);
    if (old && old !== front) corners.box(old.corners);
    // Where ground can be lost, it shows from the start, so that the first moment has to be painted as a whole.
    if (this.kept.length && (this.at < 0 || unit < 0) && unit !== this.at) this.whole(unit, corners);
    else this.between(unit, corners);
    this.at = unit;
    this.laid = front;
    if (!front) return corners.found;
    if (this.below.length < front.at.length) this.below = new Uint32Array(2 * front.at.length);
    layInk(front, pixels, this.below);
    if (front !== old) corners.box(front.corners);
    return corners.found;
  }

  private between(unit: number, corners: Reach): void {
    const { start, order } = this, low = Math.min(this.at, unit), high = Math.max(this.at, unit);
    for (let level = 0; level < order.length; level++) {
      const changed = order[level].subarray(start[level][low + 1], start[level][high + 1]);
      for (let j = 0; j < changed.length; j++) this.colour(changed[j], unit);
      corners.all(changed);
    }
  }

  private whole(unit: number, corners: Reach): void {
    if (unit < 0) this.shown!.data.set(this.clean);
    else for (let k = 0; k < this.width * this.height; k++) this.colour(k, unit);
    corners.found = [0, 0, this.width - 1, this.height - 1];
  }

  private colour(k: number, unit: number): void {
    const { fields, gains, kept } = this;
    let held = 0, left = 0;
    for (let level = 0; level < gains; level++) if (fields[level][k] <= unit) held++;
    for (let level = gains; level < fields.length; level++) if (fields[level][k] > unit) left++;
    const to = this.shown!.data, from = this.clean, at = 4 * k, shade = this.shades[this.single ? 3 * held : held];
    for (let c = 0; c < 3; c++) {
      const ground = left ? kept[left][256 * c + from[at + c]] : from[at + c];
      to[at + c] = shade[256 * c + ground];
    }
  }
}

/** The corners of pixels that change. */
class Reach {
  found: Corners;
  constructor(private width: number, height: number) {
    this.found = [width, height, -1, -1];
  }

  box([left, top, right, foot]: Corners): void {
    const { found } = this;
    this.found = [Math.min(found[0], left), Math.min(found[1], top), Math.max(found[2], right), Math.max(found[3], foot)];
  }

  all(pixels: Uint32Array): void {
    const { width } = this;
    let [left, top, right, foot] = this.found;
    for (let j = 0; j < pixels.length; j++) {
      const k = pixels[j], y = (k / width) | 0, x = k - y * width;
      if (y < top) top = y;
      if (y > foot) foot = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
    this.found = [left, top, right, foot];
  }
}

type Alpha = { width: number; height: number; data: Uint8ClampedArray };

const COARSE = 4; // pixels from point to point where the share of foreign cells is worked out

/** Where no line was drawn between the sides the cells say whose ground it is: alpha goes where cells that were the
 * attacker's from the start weigh more than the others, softly over a pixel, so that no cell shows as a circle. */
export function foreign(grid: CellGrid, home: ArrayLike<number>, view: View, ratio: number, mask: Alpha): void {
  const { width, height, data } = mask, s = 1 / (view.scale * ratio), wide = Math.ceil(width / COARSE) + 2;
  const left = view.x - (width / 2) * s, top = view.y - (height / 2) * s;
  const share = Float32Array.from({ length: wide * (Math.ceil(height / COARSE) + 2) }, (_, k) =>
    foreignShare(grid, home, left + (k % wide) * COARSE * s, top + Math.floor(k / wide) * COARSE * s));
  for (let py = 0; py < height; py++)
    for (let px = 0; px < width; px++) {
      const x = Math.floor(px / COARSE), y = Math.floor(py / COARSE), u = px / COARSE - x, v = py / COARSE - y, k = y * wide + x;
      const here = (share[k] * (1 - u) + share[k + 1] * u) * (1 - v) + (share[k + wide] * (1 - u) + share[k + wide + 1] * u) * v;
      if (here < 0.5) data[4 * (py * width + px) + 3] = 0;
    }
}

/** Of the cells around a point, by weight, those that were not the attacker's from the start; 0 where there is none. */
function foreignShare(grid: CellGrid, home: ArrayLike<number>, x: number, y: number): number {
  let own = 0, other = 0;
  for (const cell of grid.near(x, y)) {
    const d = 1 - ((grid.x[cell] - x) ** 2 + (grid.y[cell] - y) ** 2) / (REACH * REACH);
    if (d <= 0) continue;
    if (home[cell]) own += d * d * d;
    else other += d * d * d;
  }
  return own + other > 0 ? other / (own + other) : 0;
}

/** Whether any pixel of a square may be tinted. */
function inside(mask: Uint8ClampedArray, width: number, left: number, right: number, top: number, foot: number): boolean {
  for (let j = top; j < foot; j++) for (let i = left; i < right; i++) if (mask[4 * (j * width + i) + 3] >= 128) return true;
  return false;
}

function middle(times: Uint8Array, cells: Int32Array, weights: Float32Array, ordered: Int32Array, found: number, total: number): number {
  const first = times[cells[0]];
  let same = true;
  for (let j = 1; j < found; j++) if (times[cells[j]] !== first) { same = false; break; }
  if (same) return first;
  for (let j = 0; j < found; j++) {
    let i = j;
    const t = times[cells[j]];
    while (i > 0 && times[cells[ordered[i - 1]]] > t) { ordered[i] = ordered[i - 1]; i--; }
    ordered[i] = j;
  }
  let sum = 0;
  for (let j = 0; j < found; j++) if ((sum += weights[ordered[j]]) >= total / 2) return times[cells[ordered[j]]];
  return NEVER;
}

/** Pixels in the order of their times, and where each time starts; pixels that never change are left out. */
function byTime(field: Uint8Array): [Uint32Array, Uint32Array] {
  const start = new Uint32Array(258);
  for (let k = 0; k < field.length; k++) if (field[k] !== NEVER) start[field[k] + 1]++;
  for (let t = 0; t < 257; t++) start[t + 1] += start[t];
  const order = new Uint32Array(start[256]), at = start.slice();
  for (let k = 0; k < field.length; k++) if (field[k] !== NEVER) order[at[field[k]]++] = k;
  return [order, start];
}

/** For each class the tinted value of every value of the ground, channel by channel. */
export function shadesOf(theme: Theme, colour: RGB): Uint8Array[] {
  return [0, 1, 2, 3].map((held) =>
    Uint8Array.from({ length: 768 }, (_, k) => {
      const tint = colour[k >> 8];
      let value = k & 255;
      for (let level = 0; level < held; level++) {
        const share = theme.opacity[level];
        value = value * (1 - share) + (theme.multiply ? (value * tint) / 255 : tint) * share;
      }
      return Math.round(value);
    }),
  );
}
