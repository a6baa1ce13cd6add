// What the maps of a what-if have in common at one size and theme: ground, mask, names, and the cells around each point.
import type { CellGrid } from "./control";
import { Field } from "./field";
import { pen, sheet, type Ground } from "./ground";
import { around, Room } from "./layout";
import { rgb, SANS, type RGB, type Theme } from "./theme";
import { fit, toScreen, type View } from "./view";

export type Named = { then: string; x: number; y: number; rank: number };
export type Land = { ground: Ground; grid: CellGrid; home: ArrayLike<number>; places: Named[]; box: number[]; opening?: number[] };

const OPENING = 0.0390625; // pixels per tenth of a km at which lines have their full width
const SMALLEST_NAMED = 1; // capitals and cities
const QUIET = 0.5; // of paper over the ground of a difference: two hues need calm below them

export class Stage {
  readonly view: View;
  readonly field: Field;
  private base: HTMLCanvasElement;
  private mask: HTMLCanvasElement;
  private names: HTMLCanvasElement;

  constructor(readonly land: Land, readonly theme: Theme, readonly width: number, readonly height: number, readonly ratio: number) {
    this.view = land.opening ? fit(land.opening, width, height, true) : fit(land.box, width, height);
    this.field = new Field(land.grid, land.home, this.view, width, height);
    this.base = this.blank();
    land.ground.paint(pen(this.base), this.view, theme, ratio, this.view.scale / OPENING);
    this.mask = this.masked();
    this.names = this.named();
  }

  blank(): HTMLCanvasElement {
    return sheet(this.width * this.ratio, this.height * this.ratio);
  }

  /** Land that was not the control side's at the beginning. */
  private masked(): HTMLCanvasElement {
    const made = this.blank(), c = pen(made), { ground } = this.land, s = this.view.scale * this.ratio;
    c.setTransform(s, 0, 0, s, made.width / 2 - this.view.x * s, made.height / 2 - this.view.y * s);
    if (ground.byKind.has("coast")) c.clip(ground.land);
    if (ground.heldRing) c.fill(ground.heldRing);
    else c.fillRect(-40000, -40000, 80000, 80000);
    c.globalCompositeOperation = "destination-out";
    c.fill(ground.path(["lake"], true));
    return made;
  }

  private named(): HTMLCanvasElement {
    const made = this.blank(), c = pen(made), { theme, width, height } = this, room = new Room(width, height);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.lineJoin = "round";
    const shown = this.land.places.filter((place) => place.rank <= SMALLEST_NAMED).sort((a, b) => a.rank - b.rank);
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

  /** Ground, tint and names on a canvas; `dress` draws on the tint, in screen pixels, what ends with the land. */
  show(canvas: HTMLCanvasElement, tint: ImageData, quiet: boolean, dress: (c: CanvasRenderingContext2D) => void): void {
    const layer = this.blank(), on = pen(layer), c = pen(canvas);
    on.putImageData(tint, 0, 0);
    on.globalCompositeOperation = "destination-in";
    on.drawImage(this.mask, 0, 0);
    const lines = this.blank(), over = pen(lines);
    over.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    dress(over);
    over.setTransform(1, 0, 0, 1, 0, 0);
    over.globalCompositeOperation = "destination-in";
    over.drawImage(this.mask, 0, 0);
    c.drawImage(this.base, 0, 0);
    c.globalAlpha = quiet ? QUIET : 0;
    c.fillStyle = this.theme.paper;
    c.fillRect(0, 0, canvas.width, canvas.height);
    c.globalAlpha = 1;
    c.globalCompositeOperation = this.theme.multiply ? "multiply" : "source-over";
    c.drawImage(layer, 0, 0);
    c.globalCompositeOperation = "source-over";
    c.drawImage(lines, 0, 0);
    c.drawImage(this.names, 0, 0);
  }
}

export const LEVELS = [0.1, 0.5, 0.9];

/** A control side's tint: one more layer for each share of the runs that is reached. */
export function tinted(theme: Theme): (value: number, to: Uint8ClampedArray, at: number) => void {
  const opacity = [0, 1, 2, 3].map((held) => 255 * (1 - theme.opacity.slice(0, held).reduce((left, share) => left * (1 - share), 1)));
  return (value, to, at) => paint(to, at, theme.control, opacity[+(value >= LEVELS[0]) + +(value >= LEVELS[1]) + +(value >= LEVELS[2])]);
}

const DEEPEST = 0.86;

/** The colour of a difference of shares, -1 to 1: one hue for less, one for more, none for nothing. */
export function differing(theme: Theme): (value: number, to: Uint8ClampedArray, at: number) => void {
  const [less, more] = (theme.dark ? ["#9A8FE0", "#E09A55"] : ["#544896", "#BE6C1C"]).map(rgb);
  return (value, to, at) => paint(to, at, value < 0 ? less : more, 255 * DEEPEST * Math.min(Math.abs(value), 1) ** 0.6);
}

function paint(to: Uint8ClampedArray, at: number, colour: RGB, opacity: number): void {
  to[at] = colour[0];
  to[at + 1] = colour[1];
  to[at + 2] = colour[2];
  to[at + 3] = opacity;
}
