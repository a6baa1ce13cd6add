// Where names and symbols find room: a box is taken or free, and what finds no room is left out, never overlapped.

export type Box = [number, number, number, number]; // left, top, width, height

const BUCKET = 48;

export class Room {
  private buckets: Box[][];
  private wide: number;
  private tall: number;
  constructor(private width: number, private height: number) {
    this.wide = Math.ceil(width / BUCKET) + 2;
    this.tall = Math.ceil(height / BUCKET) + 2;
    this.buckets = Array.from({ length: this.wide * this.tall }, () => []);
  }

  private column = (x: number) => Math.min(Math.max(Math.floor(x / BUCKET) + 1, 0), this.wide - 1);
  private rank = (y: number) => Math.min(Math.max(Math.floor(y / BUCKET) + 1, 0), this.tall - 1);

  free([x, y, w, h]: Box, edge = 2): boolean {
    return this.open(x, y, w, h, edge);
  }

  private open(x: number, y: number, w: number, h: number, edge: number): boolean {
    if (x < edge || y < edge || x + w > this.width - edge || y + h > this.height - edge) return false;
    const right = this.column(x + w), foot = this.rank(y + h);
    for (let r = this.rank(y); r <= foot; r++)
      for (let c = this.column(x); c <= right; c++) {
        const boxes = this.buckets[r * this.wide + c];
        for (let k = 0; k < boxes.length; k++) {
          const b = boxes[k];
          if (x < b[0] + b[2] && b[0] < x + w && y < b[1] + b[3] && b[1] < y + h) return false;
        }
      }
    return true;
  }

  take(box: Box): void {
    const right = this.column(box[0] + box[2]), foot = this.rank(box[1] + box[3]);
    for (let r = this.rank(box[1]); r <= foot; r++)
      for (let c = this.column(box[0]); c <= right; c++) this.buckets[r * this.wide + c].push(box);
  }

  /** Takes a group of boxes, moved together by the first shift that finds them all free; null if none does. */
  group(boxes: Box[], shifts: Iterable<[number, number]>): [number, number] | null {
    for (const [dx, dy] of shifts) {
      if (!boxes.every(([x, y, w, h]) => this.open(x + dx, y + dy, w, h, 2))) continue;
      for (const [x, y, w, h] of boxes) this.take([x + dx, y + dy, w, h]);
      return [dx, dy];
    }
    return null;
  }

  /** The first free of several boxes, taken at once. */
  first(boxes: Iterable<Box>, edge = 2): Box | null {
    for (const box of boxes)
      if (this.free(box, edge)) {
        this.take(box);
        return box;
      }
    return null;
  }
}

/** Eight places of a name about its dot: right, upper right, lower right, left, above, below, upper left, lower left. */
export function* around(x: number, y: number, w: number, h: number, gap = 6): Generator<Box> {
  yield [x + gap, y - h / 2, w, h];
  yield [x + gap - 2, y - h + 1, w, h];
  yield [x + gap - 2, y - 1, w, h];
  yield [x - w - gap, y - h / 2, w, h];
  yield [x - w / 2, y - h - gap + 2, w, h];
  yield [x - w / 2, y + gap - 2, w, h];
  yield [x - w - gap + 2, y - h + 1, w, h];
  yield [x - w - gap + 2, y - 1, w, h];
}

const RINGS: [number, number][] = [[0, 0]];
for (let radius = 6; radius <= 84; radius += 6)
  for (let k = 0; k < Math.max(8, radius / 2); k++) {
    const turn = (k * 2 * Math.PI) / Math.max(8, radius / 2);
    RINGS.push([radius * Math.cos(turn), radius * Math.sin(turn)]);
  }

/** Offsets from the true place outwards; yesterday's first, for calm and speed. */
export function* offsets(before: [number, number] | undefined): Generator<[number, number]> {
  if (before) yield before;
  yield* RINGS;
}

/** Small shifts of a name that has no one place. */
export const SHIFTS: [number, number][] = [0, -10, 10, -20, 20, -32, 32].flatMap((dy) =>
  [0, -18, 18, -36, 36].map((dx) => [dx, dy] as [number, number]),
);
/** An open sea is wide: its name may stand far from its middle. */
export const FAR: [number, number][] = [...SHIFTS, ...SHIFTS.map(([dx, dy]): [number, number] => [3 * dx, 3 * dy])];
export const STAYS: [number, number][] = [[0, 0]];
