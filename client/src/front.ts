// The lines of the front: where 10, 50 and 90 % of the runs stood, as outlines over the triangles between cells.
import type { CellGrid } from "./control";
import type { Study } from "./data";

export class FrontLines {
  private triangles: Int32Array;
  private neighbours: Int32Array[];
  private smooth: Float32Array;

  constructor(private grid: CellGrid, private study: Study) {
    this.neighbours = neighboursOf(grid);
    this.triangles = trianglesOf(this.neighbours, study);
    this.smooth = new Float32Array(grid.n);
  }

  /** The lines x, y, x, y ... of one level at a unit of time. */
  at(times: Uint8Array, unit: number): Float32Array[] {
    const { smooth, neighbours, grid, triangles } = this;
    const home = this.study.table.home.values;
    for (let cell = 0; cell < grid.n; cell++) {
      let sum = times[cell] <= unit ? 2 : 0, weight = 2;
      const near = neighbours[cell];
      for (let j = 0; j < near.length; j++) {
        if (home[near[j]]) continue;
        weight++;
        if (times[near[j]] <= unit) sum++;
      }
      smooth[cell] = sum / weight;
    }
    const cuts: number[] = [];
    for (let t = 0; t < triangles.length; t += 3) {
      const a = triangles[t], b = triangles[t + 1], c = triangles[t + 2];
      const over = +(smooth[a] >= 0.5) + 2 * +(smooth[b] >= 0.5) + 4 * +(smooth[c] >= 0.5);
      if (over === 0 || over === 7) continue;
      // The corner that stands alone on its side of the line.
      const lone = over === 1 || over === 6 ? a : over === 2 || over === 5 ? b : c;
      const [p, q] = lone === a ? [b, c] : lone === b ? [a, c] : [a, b];
      cuts.push(this.side(lone, p), this.side(lone, q));
    }
    return chained(cuts).map((chain) => this.points(chain));
  }

  /** A side between two cells as one number. */
  private side(a: number, b: number): number {
    return a < b ? a * this.grid.n + b : b * this.grid.n + a;
  }

  /** Where the line crosses each side of a chain. */
  private points(chain: number[]): Float32Array {
    const { grid, smooth } = this, made = new Float32Array(2 * chain.length);
    chain.forEach((side, k) => {
      const a = Math.floor(side / grid.n), b = side % grid.n, share = (0.5 - smooth[a]) / (smooth[b] - smooth[a]);
      made[2 * k] = grid.x[a] + share * (grid.x[b] - grid.x[a]);
      made[2 * k + 1] = grid.y[a] + share * (grid.y[b] - grid.y[a]);
    });
    return made;
  }
}

/** Pairs of sides joined end to end into lines: one long line is drawn much faster than its pieces. */
function chained(cuts: number[]): number[][] {
  const ends = new Map<number, number[]>();
  for (let k = 0; k < cuts.length; k++) {
    const at = ends.get(cuts[k]);
    if (at) at.push(k >> 1);
    else ends.set(cuts[k], [k >> 1]);
  }
  const used = new Uint8Array(cuts.length / 2), lines: number[][] = [];
  const follow = (line: number[]) => {
    for (;;) {
      const last = line[line.length - 1], next = ends.get(last)!.find((k) => !used[k]);
      if (next === undefined) return;
      used[next] = 1;
      line.push(cuts[2 * next] === last ? cuts[2 * next + 1] : cuts[2 * next]);
    }
  };
  for (let k = 0; k < used.length; k++) {
    if (used[k]) continue;
    used[k] = 1;
    const line = [cuts[2 * k], cuts[2 * k + 1]];
    follow(line);
    line.reverse();
    follow(line);
    lines.push(line);
  }
  return lines;
}

/** The six nearest of each cell at most, the nearest first, none much farther than the first. */
function neighboursOf(grid: CellGrid): Int32Array[] {
  const made: Int32Array[] = [], cells = new Int32Array(7), apart = new Float64Array(7), { x, y } = grid;
  for (let cell = 0; cell < grid.n; cell++) {
    const near = grid.near(x[cell], y[cell]);
    let found = 0;
    for (let j = 0; j < near.length; j++) {
      const other = near[j], d = (x[other] - x[cell]) ** 2 + (y[other] - y[cell]) ** 2;
      if (other === cell || (found === 6 && d >= apart[5])) continue;
      let at = found < 6 ? found++ : 5;
      for (; at > 0 && apart[at - 1] > d; at--) {
        apart[at] = apart[at - 1];
        cells[at] = cells[at - 1];
      }
      apart[at] = d;
      cells[at] = other;
    }
    let kept = 0;
    while (kept < found && apart[kept] <= apart[0] * 1.75) kept++;
    made.push(cells.slice(0, kept));
  }
  return made;
}

/** Three cells that touch each other; the attacker's own ground is left out, so no line runs along the frontier. */
function trianglesOf(neighbours: Int32Array[], study: Study): Int32Array {
  const home = study.table.home.values, made: number[] = [];
  neighbours.forEach((near, a) => {
    if (home[a]) return;
    for (const b of near) {
      if (b <= a || home[b]) continue;
      for (const c of near) if (c > b && !home[c] && neighbours[b].includes(c)) made.push(a, b, c);
    }
  });
  return Int32Array.from(made);
}

type Lines = Float32Array[][];
const MOST_KEPT = 4;

/** The lines of all levels by what they are of and when. */
export class FrontCache {
  private kept = new Map<string, Map<number, Lines>>();
  constructor(private lines: FrontLines) {}

  get(levels: Uint8Array[], unit: number, name: string): Lines {
    const own = this.of(name), known = own.get(unit);
    if (known) return known;
    const made = levels.map((level) => this.lines.at(level, unit));
    own.set(unit, made);
    return made;
  }

  private of(name: string): Map<number, Lines> {
    const own = this.kept.get(name) ?? new Map<number, Lines>();
    this.kept.delete(name);
    this.kept.set(name, own);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    return own;
  }
}
