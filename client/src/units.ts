// Formations and armies at a moment: where they stand in the middle of the runs, in one run, and in the sample.
import { row, type Study } from "./data";

export type Unit = { kind: "army" | "formation"; index: number; x: number; y: number };

const RANK = ["XXXX", "XXX", "XX", "X", "III", "II", "I", ""];

export class Units {
  private starts: number[] = [];
  private members: number[][];
  private ended: Int16Array;
  private armyEnded: number[];
  readonly samples: number;
  private n: number;

  constructor(private study: Study) {
    const { visits, centres, sample } = study.table;
    this.n = centres.values.length / 2;
    this.samples = sample ? sample.shape[0] : 0;
    let at = 0;
    if (visits) for (const length of visits.values) { this.starts.push(at); at += length; }
    this.members = study.armies.map((_, army) => membersOf(study, army));
    this.ended = Int16Array.from(study.formations, (_, f) => this.endStep(f));
    this.armyEnded = this.members.map((own) => Array.from(own, (f) => this.ended[f]).sort((a, b) => a - b)[own.length >> 1] ?? 32767);
  }

  /** The step by whose end half of the runs had laid down arms; beyond the last where they had not. */
  private endStep(formation: number): number {
    const runs = row(this.study.table.by_end, formation);
    let sum = 0;
    for (let s = 0; s < this.study.steps; s++) if ((sum += runs[s] ?? 0) * 2 >= this.study.runs) return s + 1;
    return 32767;
  }

  faded(unit: Unit, step: number): boolean {
    return (unit.kind === "formation" ? this.ended[unit.index] : this.armyEnded[unit.index]) <= step;
  }

  /** Whether half of the runs have not yet told headquarters of one of the attacker's; of an army, of half of its men. */
  unknown(unit: Unit, step: number): boolean {
    const from = unit.kind === "formation" ? this.reported(unit.index) : (this.armyReported[unit.index] ??= this.reportedArmy(unit.index));
    return from > step * this.study.step;
  }
  private armyReported: number[] = [];

  /** Hours from which a formation is known; the defender's own always. */
  private reported(formation: number): number {
    const { study } = this;
    return study.formations[formation].side === study.side ? study.table.known.values[formation] * study.unit : -1;
  }

  private reportedArmy(army: number): number {
    const men = (f: number) => Math.max(1, this.study.formations[f].start[0]);
    const own = [...this.members[army]].sort((a, b) => this.reported(a) - this.reported(b)), all = own.reduce((sum, f) => sum + men(f), 0);
    let sum = 0;
    for (const f of own) if ((sum += men(f)) * 2 >= all) return this.reported(f);
    return -1;
  }

  /** The cell of a formation at the end of a step in the middle of the runs (run < 0) or in one of the sample; -1 off. */
  cell(formation: number, step: number, run: number): number {
    const { median, share, sample, visited } = this.study.table;
    if (!median) return -1;
    const k = Math.max(0, step - 1);
    if (run < 0) return row(share, formation)[k] < 128 ? -1 : row(median, formation)[k];
    return visited.values[this.starts[formation] + row(sample, run, formation)[k]];
  }

  point(cell: number): [number, number] {
    const { values } = this.study.table.centres;
    return [values[cell], values[this.n + cell]];
  }

  formation(index: number, step: number, run: number): Unit | null {
    const cell = this.cell(index, step, run);
    if (cell < 0) return null;
    const [x, y] = this.point(cell);
    return { kind: "formation", index, x, y };
  }

  army(index: number, step: number, run: number): Unit | null {
    const { armies } = this.study.table;
    if (!armies) return null;
    if (run >= 0) return this.centre(index, step, run);
    const k = Math.max(0, step - 1), xs = row(armies, index, 0), ys = row(armies, index, 1);
    return xs[k] === -32768 ? null : { kind: "army", index, x: xs[k], y: ys[k] };
  }

  /** The mean of an army's formations in one run, weighted by their men at the start. */
  private centre(index: number, step: number, run: number): Unit | null {
    let x = 0, y = 0, men = 0;
    for (const f of this.members[index]) {
      const cell = this.cell(f, step, run);
      if (cell < 0) continue;
      const weight = Math.max(1, this.study.formations[f].start[0]), [px, py] = this.point(cell);
      x += weight * px;
      y += weight * py;
      men += weight;
    }
    return men ? { kind: "army", index, x: x / men, y: y / men } : null;
  }

  /** Where the chosen unit stood in every run of the sample. */
  cloud(kind: "army" | "formation", index: number, step: number): [number, number][] {
    const made: [number, number][] = [];
    for (let run = 0; run < this.samples; run++) {
      const unit = kind === "army" ? this.centre(index, step, run) : this.formation(index, step, run);
      if (unit) made.push([unit.x, unit.y]);
    }
    return made;
  }

  /** What is drawn at a zoom, the largest first: armies; their divisions from 2; everything from 4 on. */
  shown(step: number, run: number, zoom: number): Unit[] {
    const { study } = this, made: Unit[] = [];
    const detail = zoom < 1.9 ? 0 : zoom < 3.6 ? 1 : 2, small = zoom < 0.75;
    if (detail < 2)
      study.armies.forEach((army, a) => {
        const unit = army.drawn ? this.army(a, step, run) : null;
        if (unit) made.push(unit);
      });
    const parts: Unit[] = [];
    study.formations.forEach((f, index) => {
      if (!f.side || f.off || f.role === "air" || f.role === "support" || f.role === "lift") return;
      const rank = RANK.indexOf(f.size), alone = f.army < 0 || !study.armies[f.army].drawn;
      const wanted = detail === 2 || (rank <= 2 && (detail === 1 || (alone && !small && f.role === "field" && f.start[0] >= 9000)));
      const unit = wanted ? this.formation(index, step, run) : null;
      if (unit) parts.push(unit);
    });
    const weight = (u: Unit) => RANK.indexOf(study.formations[u.index].size) * 1e7 - study.formations[u.index].start[0];
    return [...made, ...parts.sort((a, b) => weight(a) - weight(b))];
  }
}

function membersOf(study: Study, army: number): number[] {
  const own = study.formations.flatMap((f, k) => (f.army === army && !f.off ? [k] : []));
  const marching = own.filter((k) => study.formations[k].role === "field");
  return marching.length ? marching : own.filter((k) => ["landing", "garrison"].includes(study.formations[k].role));
}

/** The corners of the smallest convex ring about the four fifths of the points nearest to their middle. */
export function outline(points: [number, number][]): [number, number][] {
  if (points.length < 5) return [];
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
  const x = median(points.map((p) => p[0])), y = median(points.map((p) => p[1]));
  const near = [...points].sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
  return hull(near.slice(0, Math.ceil(points.length * 0.8)));
}

function hull(points: [number, number][]): [number, number][] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o: number[], a: number[], b: number[]) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: [number, number][]) => {
    const made: [number, number][] = [];
    for (const p of list) {
      while (made.length > 1 && turn(made[made.length - 2], made[made.length - 1], p) <= 0) made.pop();
      made.push(p);
    }
    return made.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
