// What the maps of a what-if have in common at one size and theme: ground, mask, names, and the cells around each point.
import { foreign, shadesOf, type CellGrid } from "./control";
import { Field, STEP } from "./field";
import { pen, sheet, type Ground } from "./ground";
import { around, Room } from "./layout";
import { rgb, SANS, type Theme } from "./theme";
import { fit, toScreen, type View } from "./view";

export type Named = { then: string; x: number; y: number; rank: number };
export type Land = { ground: Ground; grid: CellGrid; home: ArrayLike<number>; places: Named[]; box: number[]; opening?: number[] };

const OPENING = 0.0390625; // pixels per tenth of a km at which lines have their full width
const SMALLEST_NAMED = 1; // capitals and cities
const QUIET = 0.5; // of paper over the ground of a difference: two hues need calm below them

export class Stage {
  readonly view: View;
  readonly field: Field;
  readonly tint: Shades;
  readonly apart: Shades;
  private pixels: [Uint8ClampedArray, Uint8ClampedArray];
  private made: ImageData;
  private mask: Uint8Array;
  private names: HTMLCanvasElement;

  constructor(readonly land: Land, readonly theme: Theme, readonly width: number, readonly height: number, readonly ratio: number) {
    this.view = land.opening ? fit(land.opening, width, height, true) : fit(land.box, width, height);
    this.field = new Field(land.grid, land.home, this.view, width, height);
    this.tint = tinted(theme);
    this.apart = differing(theme);
    this.pixels = this.painted();
    const { width: wide, height: tall } = this.blank();
    this.made = new ImageData(wide, tall);
    this.mask = this.masked();
    this.names = this.named();
  }

  blank(): HTMLCanvasElement {
    return sheet(this.width * this.ratio, this.height * this.ratio);
  }

  /** Land that was not the control side's at the beginning. */
  private masked(): Uint8Array {
    const made = this.blank(), c = pen(made, true), { ground } = this.land, s = this.view.scale * this.ratio;
    c.setTransform(s, 0, 0, s, made.width / 2 - this.view.x * s, made.height / 2 - this.view.y * s);
    if (ground.byKind.has("coast")) c.clip(ground.land);
    if (ground.heldRing) c.fill(ground.heldRing);
    else c.fillRect(-40000, -40000, 80000, 80000);
    c.globalCompositeOperation = "destination-out";
    c.fill(ground.path(["lake"], true));
    const { data } = c.getImageData(0, 0, made.width, made.height);
    if (!ground.heldRing) foreign(this.land.grid, this.land.home, this.view, this.ratio, { width: made.width, height: made.height, data });
    return Uint8Array.from({ length: data.length / 4 }, (_, k) => data[4 * k + 3]);
  }

  private named(): HTMLCanvasElement {
    const made = this.blank(), c = pen(made), { theme, width, height } = this, room = new Room(width, height);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.lineJoin = "round";
    const shown = this.land.places.filter((place) => place.rank <= SMALLEST_NAMED).sort((a, b) => a.rank - b.rank);
    for (const place of shown) {
      const [x, y] = toScreen(this.view, width, height, place.x, place.y);
      room.take([x - 3, y - 3, 6, 6]);
    }
    for (const place of shown) {
      const [x, y] = toScreen(this.view, width, height, place.x, place.y), size = place.rank ? 10.8 : 11.8;
      c.font = `${place.rank ? 450 : 600} ${size}px ${SANS}`;
      const box = room.first(around(x, y, c.measureText(place.then).width, size + 2));
      if (!box) continue;
      c.strokeStyle = theme.halo;
      c.lineWidth = 3;
      c.strokeText(place.then, box[0], box[1] + size);
      c.fillStyle = theme.ink;
      c.fillText(place.then, box[0], box[1] + size);
      c.beginPath();
      c.arc(x, y, 2.1, 0, 7);
      c.fillStyle = theme.ring;
      c.strokeStyle = theme.ink;
      c.lineWidth = 1;
      c.fill();
      c.stroke();
    }
    return made;
  }

  /** Ground, tint and names on a canvas; `dress` draws between tint and names, in screen pixels. Every pixel is mixed here
   * from the ground as it was painted once: layers laid over one another would cost several times as much. */
  show(canvas: HTMLCanvasElement, field: Float32Array, shades: Shades, quiet: boolean, dress: (c: CanvasRenderingContext2D) => void): void {
    const c = pen(canvas, true), [ground, paper] = this.pixels, from = quiet ? paper : ground;
    this.made.data.set(from);
    this.tinge(from, field, shades);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.putImageData(this.made, 0, 0);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    dress(c);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.names, 0, 0);
  }

  /** Square by square of the field's grid: where its corners are of one class, so is all between them. */
  private tinge(from: Uint8ClampedArray, field: Float32Array, { classes, classOf }: Shades): void {
    const { wide, tall } = this.field, kinds = new Uint8Array(field.length), { width, height } = this.made, side = STEP * this.ratio;
    const mixed = this.field.between(this.ratio), first = (k: number) => Math.ceil(k * side - 0.5);
    for (let k = 0; k < field.length; k++) kinds[k] = classOf(field[k]);
    for (let y = 0, k = 0; y + 1 < tall; y++, k++) {
      const top = first(y), foot = Math.min(first(y + 1), height);
      for (let x = 0; x + 1 < wide; x++, k++) {
        const kind = kinds[k], one = kind === kinds[k + 1] && kind === kinds[k + wide] && kind === kinds[k + wide + 1];
        if (one && !kind) continue;
        const left = first(x), right = Math.min(first(x + 1), width), shade = one ? classes[kind] : null;
        for (let py = top; py < foot; py++)
          for (let px = left; px < right; px++) {
            if (!this.mask[py * width + px]) continue;
            const own = shade ?? classes[classOf(mixed(field, px, py))];
            this.dye(py * width + px, own, from);
          }
      }
    }
  }

  private dye(k: number, shade: Uint8Array, from: Uint8ClampedArray): void {
    const share = this.mask[k] / 255, to = this.made.data;
    for (let channel = 0, j = 4 * k; channel < 3; channel++, j++) to[j] = from[j] + (shade[256 * channel + from[j]] - from[j]) * share;
  }

  /** Whether a point of the screen lies on land that can be gained. */
  inside = (x: number, y: number): boolean => this.mask[Math.round(y * this.ratio) * this.made.width + Math.round(x * this.ratio)] > 127;

  /** The ground itself, and the same below half-clear paper. */
  private painted(): [Uint8ClampedArray, Uint8ClampedArray] {
    const base = this.blank(), c = pen(base, true);
    this.land.ground.paint(c, this.view, this.theme, this.ratio, this.view.scale / OPENING);
    const ground = c.getImageData(0, 0, base.width, base.height).data;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.globalAlpha = QUIET;
    c.fillStyle = this.theme.paper;
    c.fillRect(0, 0, base.width, base.height);
    return [ground, c.getImageData(0, 0, base.width, base.height).data];
  }
}

export const LEVELS = [0.1, 0.5, 0.9];

/** Classes of a value, and for each class the tinted value of every value of the ground, channel by channel. */
export type Shades = { classes: Uint8Array[]; classOf: (value: number) => number };

/** A control side's tint: one more layer for each share of the runs that is reached. */
export function tinted(theme: Theme): Shades {
  const [low, middle, high] = LEVELS;
  return { classes: shadesOf(theme, theme.control), classOf: (value) => (value < low ? 0 : value < middle ? 1 : value < high ? 2 : 3) };
}

const DEEPEST = 0.86, FINEST = 64;

/** The colour of a difference of shares, -1 to 1: one hue for less, one for more, none for nothing. */
export function differing(theme: Theme): Shades {
  const classes = Array.from({ length: 2 * FINEST + 1 }, (_, kind) => {
    const value = kind > FINEST ? (kind - FINEST) / FINEST : -kind / FINEST, colour = rgb(value < 0 ? theme.less : theme.more);
    const share = DEEPEST * Math.abs(value) ** 0.6;
    return Uint8Array.from({ length: 768 }, (_, k) => {
      const ground = k & 255, tint = colour[k >> 8];
      return Math.round(ground + ((theme.multiply ? (ground * tint) / 255 : tint) - ground) * share);
    });
  });
  const steps = (value: number) => Math.min(FINEST, Math.round(FINEST * value));
  return { classes, classOf: (value) => (value < 0 ? steps(-value) : value > 0 && steps(value) ? FINEST + steps(value) : 0) };
}
