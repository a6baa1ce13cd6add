// What stands on a canvas, so that a new moment repaints only the squares in which something differs.
import type { Box } from "./layout";

const SQUARE = 32; // device pixels
const EDGE = 1.5; // pixels by which soft edges reach beyond a shape
const WHOLE = 0.6; // of the squares, from which on all is painted anew

/** Something painted: the squares it reaches are marked with what it is, and it can be painted within a part. */
export interface Shape {
  mark(to: Marks): void;
  paint(c: CanvasRenderingContext2D, part: Corners): void;
}
export type Corners = [number, number, number, number]; // left, top, right, foot

const float = new Float64Array(1), bits = new Int32Array(float.buffer);

/** Numbers folded into one, which differs where they do but for one chance in thousands of millions. */
export function folded(...values: number[]): number {
  let sum = 0x2545f491;
  for (let k = 0; k < values.length; k++) {
    float[0] = values[k];
    sum = stirred(stirred(sum ^ bits[0]) ^ bits[1]);
  }
  return sum;
}

function stirred(value: number): number {
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return value ^ (value >>> 12);
}

/** For every square one number of all that stands in it. */
export class Marks {
  readonly wide: number;
  readonly tall: number;
  readonly of: Int32Array;

  constructor(readonly width: number, readonly height: number, readonly ratio: number) {
    this.wide = Math.ceil(width / SQUARE);
    this.tall = Math.ceil(height / SQUARE);
    this.of = new Int32Array(this.wide * this.tall);
  }

  /** A thing in a rectangle of screen pixels; what is painted later counts as later. */
  box(left: number, top: number, right: number, foot: number, what: number): void {
    const { of, wide } = this, [c0, r0, c1, r1] = this.span(left, top, right, foot);
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) of[r * wide + c] = stirred(of[r * wide + c] ^ what);
  }

  /** One of many pieces of a shape, whose order says nothing. */
  piece(left: number, top: number, right: number, foot: number, what: number): void {
    const { of, wide } = this, [c0, r0, c1, r1] = this.span(left, top, right, foot);
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) of[r * wide + c] += what;
  }

  private span(left: number, top: number, right: number, foot: number): Corners {
    const s = this.ratio / SQUARE, edge = EDGE / SQUARE;
    return [Math.max(0, Math.floor(left * s - edge)), Math.max(0, Math.floor(top * s - edge)),
      Math.min(this.wide - 1, Math.floor(right * s + edge)), Math.min(this.tall - 1, Math.floor(foot * s + edge))];
  }

  /** Rectangles of squares that differ, in device pixels; one for all where most do. */
  apart(other: Marks): Corners[] {
    const { wide, tall, of } = this, made: Corners[] = [];
    let count = 0, above: Corners[] = [];
    for (let r = 0; r < tall; r++) {
      const row: Corners[] = [];
      for (let c = 0; c < wide; c++) {
        if (of[r * wide + c] === other.of[r * wide + c]) continue;
        const from = c;
        while (c < wide && of[r * wide + c] !== other.of[r * wide + c]) c++;
        count += c - from;
        const run: Corners = [from * SQUARE, r * SQUARE, Math.min(c * SQUARE, this.width), Math.min((r + 1) * SQUARE, this.height)];
        const over = above.find((one) => one[0] === run[0] && one[2] === run[2]);
        if (over) over[3] = run[3];
        else made.push(run);
        row.push(over ?? run);
      }
      above = row;
    }
    return count > WHOLE * wide * tall ? [[0, 0, this.width, this.height]] : made;
  }
}

/** A canvas that knows what stands on it. */
export class Display {
  private last: Marks | null = null;
  constructor(private canvas: HTMLCanvasElement) {}

  /** The canvas was emptied, or what its shapes are has changed. */
  forget(): void {
    this.last = null;
  }

  /** Brings the canvas to these shapes, painted in their order. */
  show(c: CanvasRenderingContext2D, shapes: Shape[], ratio: number): void {
    const { width, height } = this.canvas, marks = new Marks(width, height, ratio);
    for (const shape of shapes) shape.mark(marks);
    const parts: Corners[] = this.last ? marks.apart(this.last) : [[0, 0, width, height]];
    this.last = marks;
    for (const part of parts) this.anew(c, shapes, part, ratio);
  }

  private anew(c: CanvasRenderingContext2D, shapes: Shape[], part: Corners, ratio: number): void {
    const [left, top, right, foot] = part;
    c.save();
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.beginPath();
    c.rect(left, top, right - left, foot - top);
    c.clip();
    c.clearRect(left, top, right - left, foot - top);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const near = EDGE / ratio, within: Corners = [left / ratio - near, top / ratio - near, right / ratio + near, foot / ratio + near];
    for (const shape of shapes) shape.paint(c, within);
    c.restore();
  }
}

const meets = (part: Corners, left: number, top: number, right: number, foot: number): boolean =>
  left <= part[2] && right >= part[0] && top <= part[3] && foot >= part[1];

/** A picture laid down as it is, on whole pixels: that is sharp, and several times as quick as mixing pixels. */
export class Laid implements Shape {
  constructor(private picture: { canvas: HTMLCanvasElement; id: number }, private box: Box) {}

  mark(to: Marks): void {
    const { canvas, id } = this.picture, x = Math.round(this.box[0] * to.ratio) / to.ratio, y = Math.round(this.box[1] * to.ratio) / to.ratio;
    this.box = [x, y, canvas.width / to.ratio, canvas.height / to.ratio];
    to.box(x, y, x + this.box[2], y + this.box[3], folded(id, x, y));
  }

  paint(c: CanvasRenderingContext2D, part: Corners): void {
    const [x, y, width, height] = this.box;
    if (meets(part, x, y, x + width, y + height)) c.drawImage(this.picture.canvas, x, y, width, height);
  }
}

/** Something drawn by hand within a box; `what` says what it is. */
export class Drawn implements Shape {
  constructor(private box: Corners, private what: number, private draw: (c: CanvasRenderingContext2D) => void) {}

  mark(to: Marks): void {
    to.box(...this.box, this.what);
  }

  paint(c: CanvasRenderingContext2D, part: Corners): void {
    if (meets(part, ...this.box)) this.draw(c);
  }
}

/** Lines from point to point with one pen, of which only the pieces in reach are stroked. */
export class Stroked implements Shape {
  private corners: Corners[];
  private whole: Corners;
  private at: Int32Array | null = null; // squares and what is in them: lines are kept, so that each is looked over once

  constructor(private lines: Float32Array[], private width: number, private style: number, private dress: (c: CanvasRenderingContext2D) => void) {
    this.corners = lines.map((line) => cornersOf(line, width / 2));
    this.whole = around(this.corners);
  }

  mark(to: Marks): void {
    this.at ??= this.squares(to);
    for (let k = 0; k < this.at.length; k += 2) to.of[this.at[k]] += this.at[k + 1];
  }

  private squares(like: Marks): Int32Array {
    const own = new Marks(like.width, like.height, like.ratio), half = this.width / 2, kind = folded(this.width, this.style), made: number[] = [];
    for (const points of this.lines) {
      let before = folded(points[0], points[1]);
      for (let k = 2; k < points.length; k += 2) {
        const ax = points[k - 2], ay = points[k - 1], bx = points[k], by = points[k + 1], here = folded(bx, by);
        own.piece(Math.min(ax, bx) - half, Math.min(ay, by) - half, Math.max(ax, bx) + half, Math.max(ay, by) + half, stirred((before + here) ^ kind));
        before = here;
      }
    }
    own.of.forEach((what, square) => { if (what) made.push(square, what); });
    return Int32Array.from(made);
  }

  paint(c: CanvasRenderingContext2D, part: Corners): void {
    if (!meets(part, ...this.whole)) return;
    c.beginPath();
    let any = false;
    this.lines.forEach((line, k) => { if (meets(part, ...this.corners[k])) any = this.pieces(c, line, part) || any; });
    if (!any) return;
    this.dress(c);
    c.lineWidth = this.width;
    c.stroke();
  }

  private pieces(c: CanvasRenderingContext2D, points: Float32Array, part: Corners): boolean {
    const half = this.width / 2, left = part[0] - half, top = part[1] - half, right = part[2] + half, foot = part[3] + half;
    let open = false, any = false;
    for (let k = 2; k < points.length; k += 2) {
      const ax = points[k - 2], ay = points[k - 1], bx = points[k], by = points[k + 1];
      const seen = !((ax < left && bx < left) || (ax > right && bx > right) || (ay < top && by < top) || (ay > foot && by > foot));
      if (seen && !open) c.moveTo(ax, ay);
      if (seen) { c.lineTo(bx, by); any = true; }
      open = seen;
    }
    return any;
  }
}

/** A dotted line: where a dot falls depends on all that went before, so that it is always drawn from its beginning. */
export class Dotted implements Shape {
  private corners: Corners;

  constructor(private points: Float32Array, private width: number, private gap: number, private colour: string) {
    this.corners = cornersOf(points, width / 2);
  }

  mark(to: Marks): void {
    const { points } = this, half = this.width / 2;
    let length = 0;
    for (let k = 2; k < points.length; k += 2) {
      const ax = points[k - 2], ay = points[k - 1], bx = points[k], by = points[k + 1];
      length += Math.hypot(bx - ax, by - ay);
      to.piece(Math.min(ax, bx) - half, Math.min(ay, by) - half, Math.max(ax, bx) + half, Math.max(ay, by) + half, folded(ax, ay, bx, by, length));
    }
  }

  paint(c: CanvasRenderingContext2D, part: Corners): void {
    const { points } = this;
    if (!meets(part, ...this.corners)) return;
    c.strokeStyle = this.colour;
    c.lineWidth = this.width;
    c.lineCap = "round";
    c.setLineDash([0.1, this.gap]);
    c.beginPath();
    for (let k = 0; k < points.length; k += 2) c.lineTo(points[k], points[k + 1]);
    c.stroke();
    c.setLineDash([]);
  }
}

/** Many small dots of one colour, the ground shining through. */
export class Cloud implements Shape {
  constructor(private points: Float32Array, private radius: number, private colour: string) {}

  mark(to: Marks): void {
    const { points, radius } = this;
    for (let k = 0; k < points.length; k += 2) {
      const x = points[k], y = points[k + 1];
      to.piece(x - radius, y - radius, x + radius, y + radius, folded(x, y));
    }
  }

  paint(c: CanvasRenderingContext2D, part: Corners): void {
    const { points, radius } = this;
    c.fillStyle = this.colour;
    c.globalAlpha = 0.6;
    for (let k = 0; k < points.length; k += 2) {
      const x = points[k], y = points[k + 1];
      if (!meets(part, x - radius, y - radius, x + radius, y + radius)) continue;
      c.beginPath();
      c.arc(x, y, radius, 0, 7);
      c.fill();
    }
    c.globalAlpha = 1;
  }
}

/** The corners of a line and of its width. */
export function cornersOf(points: Float32Array, half: number): Corners {
  const made: Corners = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < points.length; k += 2) {
    made[0] = Math.min(made[0], points[k] - half);
    made[1] = Math.min(made[1], points[k + 1] - half);
    made[2] = Math.max(made[2], points[k] + half);
    made[3] = Math.max(made[3], points[k + 1] + half);
  }
  return made;
}

/** The corners of several together. */
const around = (all: Corners[]): Corners => [
  Math.min(...all.map((one) => one[0])), Math.min(...all.map((one) => one[1])), Math.max(...all.map((one) => one[2])), Math.max(...all.map((one) => one[3])),
];
