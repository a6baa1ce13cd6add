// The lines of the front: where 10, 50 and 90 % of the runs stood, as outlines over the triangles between cells.
import type { CellGrid, Times } from "./control";
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

  /** Line segments x, y, x, y of one level at a unit of time. */
  at(times: Uint8Array, unit: number): Float32Array {
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
    const made: number[] = [];
    for (let t = 0; t < triangles.length; t += 3) {
      const a = triangles[t], b = triangles[t + 1], c = triangles[t + 2];
      const over = +(smooth[a] >= 0.5) + 2 * +(smooth[b] >= 0.5) + 4 * +(smooth[c] >= 0.5);
      if (over === 0 || over === 7) continue;
      // The corner that stands alone on its side of the line.
      const lone = over === 1 || over === 6 ? a : over === 2 || over === 5 ? b : c;
      const [p, q] = lone === a ? [b, c] : lone === b ? [a, c] : [a, b];
      this.cut(made, lone, p);
      this.cut(made, lone, q);
    }
    return Float32Array.from(made);
  }

  private cut(made: number[], a: number, b: number): void {
    const { grid, smooth } = this;
    const share = (0.5 - smooth[a]) / (smooth[b] - smooth[a]);
    made.push(grid.x[a] + share * (grid.x[b] - grid.x[a]), grid.y[a] + share * (grid.y[b] - grid.y[a]));
  }
}

function neighboursOf(grid: CellGrid): Int32Array[] {
  const made: Int32Array[] = [];
  for (let cell = 0; cell < grid.n; cell++) {
    const away: [number, number][] = [];
    for (const other of grid.near(grid.x[cell], grid.y[cell]))
      if (other !== cell) away.push([(grid.x[other] - grid.x[cell]) ** 2 + (grid.y[other] - grid.y[cell]) ** 2, other]);
    away.sort((a, b) => a[0] - b[0]);
    const limit = away.length ? away[0][0] * 1.75 : 0;
    made.push(Int32Array.from(away.filter(([d]) => d <= limit).slice(0, 6), ([, other]) => other));
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

/** The segments of all levels, kept until time or run changes. */
export class FrontCache {
  private kept: { key: string; lines: Float32Array[] } = { key: "", lines: [] };
  constructor(private lines: FrontLines) {}

  get(times: Times, unit: number, run: number): Float32Array[] {
    const key = `${run}:${unit}`;
    if (this.kept.key !== key)
      this.kept = { key, lines: (run >= 0 ? [times[1]] : times).map((level) => this.lines.at(level, unit)) };
    return this.kept.lines;
  }
}
