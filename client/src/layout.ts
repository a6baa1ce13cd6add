// Where names and symbols find room: a box is taken or free, and what finds no room is left out, never overlapped.

export type Box = [number, number, number, number]; // left, top, width, height

export class Room {
  private boxes: Box[] = [];
  constructor(private width: number, private height: number) {}

  free([x, y, w, h]: Box, edge = 2): boolean {
    if (x < edge || y < edge || x + w > this.width - edge || y + h > this.height - edge) return false;
    for (const [bx, by, bw, bh] of this.boxes) if (x < bx + bw && bx < x + w && y < by + bh && by < y + h) return false;
    return true;
  }

  take(box: Box): void {
    this.boxes.push(box);
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
  [0, -18, 18].map((dx) => [dx, dy] as [number, number]),
);
