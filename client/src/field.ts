// A quantity of the cells spread over a small grid of the screen: the same weighting of the cells around a point as
// the page's tint of control, and the lines along which it passes a level.
import type { CellGrid } from "./control";
import type { View } from "./view";

const REACH = 210; // a point listens to the cells nearer than this
export const STEP = 3; // screen pixels from point to point

/** Which cells every point of the grid listens to, and how much; laid out once for a size of the map. */
export class Field {
  readonly wide: number;
  readonly tall: number;
  private start: Uint32Array;
  private cells: Int32Array;
  private weights: Float32Array;

  constructor(grid: CellGrid, home: ArrayLike<number>, view: View, width: number, height: number) {
    this.wide = Math.ceil(width / STEP) + 1;
    this.tall = Math.ceil(height / STEP) + 1;
    this.start = new Uint32Array(this.wide * this.tall + 1);
    const cells: number[] = [], weights: number[] = [];
    for (let k = 0; k < this.wide * this.tall; k++) {
      const x = ((k % this.wide) * STEP - width / 2) / view.scale + view.x;
      const y = (Math.floor(k / this.wide) * STEP - height / 2) / view.scale + view.y;
      const from = cells.length;
      let total = 0;
      for (const cell of grid.near(x, y)) {
        const d = 1 - ((grid.x[cell] - x) ** 2 + (grid.y[cell] - y) ** 2) / (REACH * REACH);
        if (d <= 0 || home[cell]) continue;
        cells.push(cell);
        total += weights[weights.push(d * d * d) - 1];
      }
      for (let j = from; j < cells.length; j++) weights[j] /= total;
      this.start[k + 1] = cells.length;
    }
    this.cells = Int32Array.from(cells);
    this.weights = Float32Array.from(weights);
  }

  /** The quantity at every point of the grid; 0 where no cell is near. */
  of(values: Float32Array): Float32Array {
    const { start, cells, weights } = this, made = new Float32Array(this.wide * this.tall);
    for (let k = 0; k < made.length; k++) {
      let sum = 0;
      for (let j = start[k]; j < start[k + 1]; j++) sum += weights[j] * values[cells[j]];
      made[k] = sum;
    }
    return made;
  }

  /** The line along which a field passes a level, square by square, where `inside` holds of its middle. */
  line(field: Float32Array, level: number, inside: (x: number, y: number) => boolean): Path2D {
    const path = new Path2D(), { wide } = this;
    for (let y = 0; y + 1 < this.tall; y++)
      for (let x = 0, k = y * wide; x + 1 < wide; x++, k++) {
        const a = field[k], b = field[k + 1], c = field[k + wide + 1], d = field[k + wide];
        const kind = +(a >= level) | (+(b >= level) << 1) | (+(c >= level) << 2) | (+(d >= level) << 3);
        if (kind === 0 || kind === 15 || !inside((x + 0.5) * STEP, (y + 0.5) * STEP)) continue;
        const top: Point = [x + (level - a) / (b - a), y], right: Point = [x + 1, y + (level - b) / (c - b)];
        const foot: Point = [x + (level - d) / (c - d), y + 1], left: Point = [x, y + (level - a) / (d - a)];
        for (const [p, q] of sides(kind, top, right, foot, left)) {
          path.moveTo(p[0] * STEP, p[1] * STEP);
          path.lineTo(q[0] * STEP, q[1] * STEP);
        }
      }
    return path;
  }

  /** The field between the points of the grid, for pixels of which `ratio` make one of the screen: mixed from four. */
  between(ratio: number): (field: Float32Array, px: number, py: number) => number {
    const s = 1 / (STEP * ratio), { wide } = this;
    return (field, px, py) => {
      const fx = (px + 0.5) * s, fy = (py + 0.5) * s, x = fx | 0, y = fy | 0, u = fx - x, v = fy - y, k = y * wide + x;
      return (field[k] * (1 - u) + field[k + 1] * u) * (1 - v) + (field[k + wide] * (1 - u) + field[k + wide + 1] * u) * v;
    };
  }
}

type Point = [number, number];

/** The stretches of the line in a square whose corners at or above the level are the bits of `kind`. */
function sides(kind: number, top: Point, right: Point, foot: Point, left: Point): [Point, Point][] {
  switch (kind < 8 ? kind : 15 - kind) {
    case 1: return [[left, top]];
    case 2: return [[top, right]];
    case 3: return [[left, right]];
    case 4: return [[right, foot]];
    case 5: return [[left, top], [right, foot]];
    case 6: return [[top, foot]];
    default: return [[left, foot]];
  }
}
