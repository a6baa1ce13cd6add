// What stands on a canvas, so that a new moment repaints only the squares in which something differs.
import type { Box } from "./layout";

const SQUARE = 32; // device pixels
const EDGE = 1.5; // pixels by which soft edges reach beyond a shape
const WHOLE = 0.6; // of the squares, from which on all is painted anew

/** Something painted: the squares it reaches are marked with what it is, and it can be painted within a part. */
export interface Shape {
  mark(to: Marks): void;
  paint(c: CanvasRenderingContext2D, stale: Stale): void;
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

  span(left: number, top: number, right: number, foot: number): Corners {
    const s = this.ratio / SQUARE, edge = EDGE / SQUARE;
    return [Math.max(0, Math.floor(left * s - edge)), Math.max(0, Math.floor(top * s - edge)),
      Math.min(this.wide - 1, Math.floor(right * s + edge)), Math.min(this.tall - 1, Math.floor(foot * s + edge))];
  }

  /** What differs from other marks. */
  apart(other: Marks | null): Stale {
    const squares = new Uint8Array(this.of.length);
    let count = 0;
    for (let k = 0; k < squares.length; k++) if (!other || this.of[k] !== other.of[k]) count += squares[k] = 1;
    if (count > WHOLE * squares.length) squares.fill(1);
    return new Stale(this, squares, count);
  }
}

/** Squares to be painted anew. */
export class Stale {
  constructor(private like: Marks, private squares: Uint8Array, readonly count: number) {}

  /** Whether any of it lies in a rectangle of screen pixels. */
  meets(left: number, top: number, right: number, foot: number): boolean {
    const { wide } = this.like, [c0, r0, c1, r1] = this.like.span(left, top, right, foot);
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) if (this.squares[r * wide + c]) return true;
    return false;
  }

  /** Its outline in device pixels, a rectangle for every run of squares. */
  path(c: CanvasRenderingContext2D): void {
    const { wide, tall, width, height } = this.like;
    c.beginPath();
    for (let r = 0; r < tall; r++)
      for (let k = 0; k < wide; k++) {
        const from = k;
        while (k < wide && this.squares[r * wide + k]) k++;
        if (k > from) c.rect(from * SQUARE, r * SQUARE, Math.min(k * SQUARE, width) - from * SQUARE, Math.min((r + 1) * SQUARE, height) - r * SQUARE);
      }
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
    const stale = marks.apart(this.last);
    this.last = marks;
    if (!stale.count) return;
    c.save();
    c.setTransform(1, 0, 0, 1, 0, 0);
    stale.path(c);
    c.clip();
    c.clearRect(0, 0, width, height);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const shape of shapes) shape.paint(c, stale);
    c.restore();
  }
}

/** A picture laid down as it is, on whole pixels: that is sharp, and several times as quick as mixing pixels. */
export class Laid implements Shape {
  constructor(private picture: { canvas: HTMLCanvasElement; id: number }, private box: Box) {}

  mark(to: Marks): void {
    const { canvas, id } = this.picture, x = Math.round(this.box[0] * to.ratio) / to.ratio, y = Math.round(this.box[1] * to.ratio) / to.ratio;
    this.box = [x, y, canvas.width / to.ratio, canvas.height / to.ratio];
    to.box(x, y, x + this.box[2], y + this.box[3], folded(id, x, y));
  }

  paint(c: CanvasRenderingContext2D, stale: Stale): void {
    const [x, y, width, height] = this.box;
    if (stale.meets(x, y, x + width, y + height)) c.drawImage(this.picture.canvas, x, y, width, height);
  }
}

/** Something drawn by hand within a box; `what` says what it is. */
export class Drawn implements Shape {
  constructor(private box: Corners, private what: number, private draw: (c: CanvasRenderingContext2D) => void) {}

  mark(to: Marks): void {
    to.box(...this.box, this.what);
  }

  paint(c: CanvasRenderingContext2D, stale: Stale): void {
    if (stale.meets(...this.box)) this.draw(c);
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

  paint(c: CanvasRenderingContext2D, stale: Stale): void {
    const { points } = this;
    if (!stale.meets(...this.corners)) return;
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

  paint(c: CanvasRenderingContext2D, stale: Stale): void {
    const { points, radius } = this;
    c.fillStyle = this.colour;
    c.globalAlpha = 0.6;
    for (let k = 0; k < points.length; k += 2) {
      const x = points[k], y = points[k + 1];
      if (!stale.meets(x - radius, y - radius, x + radius, y + radius)) continue;
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
