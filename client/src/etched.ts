// The lines of the front as pixels of the map: stroked once for each moment, while the reader rests, and laid into the
// tinted ground when the slider comes to it; stroking them anew would be the dearest part of a step.
import { pen, sheet } from "./ground";
import { whenIdle } from "./idle";

export type Pen = { lines: Float32Array[]; width: number; colour: string };
/** Where the lines leave ink, and what ink: red, green, blue and cover of each pixel as one number. */
export type Etching = { at: Uint32Array; ink: Uint32Array; corners: Corners };
export type Corners = [number, number, number, number]; // the first and the last column and row: left, top, right, foot

const MOST_PIXELS = 5_000_000; // that are kept, at eight bytes each
const SHORTEST_MS = 10; // of rest that a moment needs
const QUIET_MS = 250; // after a step, before more is made ahead

export class Etchings {
  private kept = new Map<number, Etching>();
  private pixels = 0;
  private canvas = sheet(1, 1);
  private asked = 0;
  private stepped = 0;
  private linesOf: (unit: number) => Pen[] = () => [];

  /** Another view, theme or run: `of` gives the lines of a moment in device pixels. */
  anew(width: number, height: number, of: (unit: number) => Pen[]): void {
    if (this.canvas.width !== width || this.canvas.height !== height) this.canvas = sheet(width, height);
    this.kept.clear();
    this.pixels = 0;
    this.asked++;
    this.linesOf = of;
  }

  /** Makes those of all these moments while the reader rests, as many as there is room for. */
  ahead(units: number[]): void {
    const asked = this.asked, rest = [...units];
    const go = (idle: { timeRemaining(): number }) => {
      if (asked !== this.asked) return;
      const wait = this.stepped + QUIET_MS - performance.now();
      if (wait > 0) return void setTimeout(() => whenIdle(go), wait); // a step must not share its time with what may wait
      do {
        const unit = rest.shift();
        if (unit === undefined || this.pixels > MOST_PIXELS * 0.9) return;
        this.etched(unit);
      } while (idle.timeRemaining() > SHORTEST_MS);
      whenIdle(go);
    };
    whenIdle(go);
  }

  /** That of the moment which is shown now. */
  get(unit: number): Etching {
    this.stepped = performance.now();
    return this.etched(unit);
  }

  private etched(unit: number): Etching {
    const known = this.kept.get(unit);
    if (known) return known;
    const made = this.make(this.linesOf(unit));
    this.kept.set(unit, made);
    this.pixels += made.at.length;
    for (const [old, { at }] of this.kept) {
      if (this.pixels <= MOST_PIXELS || old === unit) break;
      this.kept.delete(old);
      this.pixels -= at.length;
    }
    return made;
  }

  private make(pens: Pen[]): Etching {
    const { width, height } = this.canvas, c = pen(this.canvas, true);
    c.clearRect(0, 0, width, height);
    c.lineCap = "butt";
    c.lineJoin = "bevel";
    let top = height, foot = 0;
    for (const { lines, width: thick, colour } of pens) {
      c.lineWidth = thick;
      c.strokeStyle = colour;
      // One stroke a line: software drawing slows down with the reach of a path, and with transparency.
      for (const line of lines) {
        c.beginPath();
        for (let k = 0; k < line.length; k += 2) {
          c.lineTo(line[k], line[k + 1]);
          if (line[k + 1] < top) top = line[k + 1];
          if (line[k + 1] > foot) foot = line[k + 1];
        }
        c.stroke();
      }
    }
    const from = Math.max(0, Math.floor(top - 3)), to = Math.min(height, Math.ceil(foot + 3));
    return from < to ? inked(c.getImageData(0, from, width, to - from), from) : { at: new Uint32Array(0), ink: new Uint32Array(0), corners: [width, height, -1, -1] };
  }
}

function inked({ data, width }: ImageData, row: number): Etching {
  const whole = new Uint32Array(data.buffer), first = row * width;
  let count = 0, left = width, right = -1, top = -1, foot = -1;
  for (let k = 0; k < whole.length; k++) if (whole[k]) count++;
  const at = new Uint32Array(count), ink = new Uint32Array(count);
  for (let k = 0, n = 0; k < whole.length; k++) {
    if (!whole[k]) continue;
    const y = (k / width) | 0, x = k - y * width;
    if (top < 0) top = y + row;
    foot = y + row;
    if (x < left) left = x;
    if (x > right) right = x;
    at[n] = first + k;
    ink[n++] = whole[k];
  }
  return { at, ink, corners: [left, top, right, foot] };
}

/** Takes ink off again. */
export function liftInk({ at }: Etching, below: Uint32Array, pixels: Uint32Array): void {
  for (let n = 0; n < at.length; n++) pixels[at[n]] = below[n];
}

/** Lays ink over pixels; what was below goes to `below`, so that it can be lifted again. */
export function layInk({ at, ink }: Etching, pixels: Uint32Array, below: Uint32Array): void {
  for (let n = 0; n < at.length; n++) {
    const under = (below[n] = pixels[at[n]]), over = ink[n], cover = (over >>> 24) + (over >>> 31), rest = 256 - cover;
    const outer = (((over & 0xff00ff) * cover + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
    const inner = (((over >>> 8) & 0xff) * cover + ((under >>> 8) & 0xff) * rest) & 0xff00;
    pixels[at[n]] = 0xff000000 | outer | inner;
  }
}
