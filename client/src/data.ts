// The study as the report wrote it: JSON values, and arrays unpacked from one deflated blob.

export type Numbers = Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;
export type Table = { values: Numbers; shape: number[] };

export type Claimed = [string, string][];
export type Formation = {
  key: string; name: string; short: string; side: string; army: number; icon: string; size: string; role: string;
  place?: string; claims: Claimed; off?: string; note?: string; start: number[];
};
export type Army = {
  key: string; name: string; short: string; side: string; front: string; icon: string; size: string; drawn: boolean;
  headquarters: string; claims: Claimed;
};
export type Place = {
  name: string; then: string; now: string; other: string[]; x: number; y: number; role: string; rank: number; claims: Claimed;
};
export type Works = {
  key: string; name: string; x: number; y: number; facing: number; place: string; strength: string; claims: Claimed;
};
export type Row = {
  target: string; group: string; phase: string; measure: string; fitted: boolean; unit: string; observed_low: number;
  observed: number; observed_high: number; q05: number; median: number; q95: number; rank: number; crps: number;
  null_crps: Record<string, number | null>; place: string; never: number; inside: boolean; grade: string; why: string;
  words: string; subject: number; said: string;
};
export type Body = {
  kind: string; key: string; name: string; side: string; armies: number[]; start: string;
  dots: [number, number, string][]; counted: number; totals: Record<string, [number, number, number]>;
};
export type Statement = {
  claim: string; paragraph: string; statement: string; printed: string; reading: string; kind: string; correction: string;
  held: string; disputed: string; use: string; dates: [string, string]; hours: [number | null, number | null];
  places: string[]; operations: string[]; why: string; agree: string; differ: string; feeds: string[];
};
export type Summary = {
  by: string; key: string; targets: number; inside: number; axes: number; axis_coverage: number; width: number;
  crps: number; late: number; never: number; skill: Record<string, number | null>;
};
export type Width = {
  by: string; key: string; targets: number; sd: number; luck: number; claims: number; parameters: number;
};
export type Label = [string, string, string, number, number[]];

export type Spread = { q05: number; median: number; q95: number };
export type Belief = {
  runs: number; planned: string; attack: { q05: string | null; median: string | null; q95: string | null };
  begins: string; cut: string; marks: [string, string][]; axes: { axis: string; name: string; main: boolean }[];
  observers: { observer: string; name: string; alerted: number; bits: Record<"date" | "axis" | "both", Spread> }[];
  months: { day: string; in_place: Spread | null; believed_in_place: Record<string, Spread> | null;
    before_cut: Record<string, Spread>; axes: Record<string, Record<string, number>> }[];
  weeks: (string | null)[]; prior: Record<string, number[][]>; h_hour: Record<string, number[][]>;
  dispositions: Record<string, number>;
  estimates: { observer: string; day: string; said: string; low: number | null; high: number | null; grade: string }[];
};
export type Band = [number[], number[], number[]];
export type Heard = {
  runs: number; side: string; lag: (number | null)[]; ground: Record<"true" | "believed", Band>;
  fronts: { name: string; true: Band; believed: Band }[];
};
export type School = {
  key: string; title: string; holders: string; thesis: string; evidence: string[]; sources: string[];
  broadcast: Record<string, string | null> | null; never: number | null; likelihood: number | null;
  bayes_factor: Record<string, number> | null;
};
export type Schools = { rows: School[]; shocks: [string, string][]; broadcast: string | null; window: [string, string] | null };

export type Raw = {
  title: string; summary: string; campaign: string; start: string; step: number; steps: number; horizon: number;
  never: number; runs: number; seed: number; settings: string; politics: string; fingerprint: string;
  version: string; finding: string; conditioned: string; without: string[]; side: string; sides: Record<string, string>;
  operations: Record<string, string>; shares: number[]; fans: number[]; unit: number; losses: string[];
  strengths: string[]; bodies: Body[]; places: Place[]; formations: Formation[]; armies: Army[]; works: Works[];
  claims: Record<string, [string, number, number, number, string, string, string, string, string, string]>;
  sources: Record<string, [string, string, string, string]>; statements: Statement[];
  moments: { hours: number; text: string }[]; rows: Row[]; summary_rows?: never; width: Width[];
  scores: Summary[]; reach: boolean; heard: Heard | null; belief: Belief | null; schools: Schools | null;
  ground: {
    box: number[]; perkm: number; lines: [string, string, number][]; covers: string[]; cellcovers: string[]; labels: Label[];
    pictures: { relief: string; cover: string }; views: { opening?: number[]; inset?: { title: string; box: number[] } };
  };
  arrays: [string, string, number[], number][]; blob: string;
};

export type Line = { kind: string; name: string; points: Int16Array };
export type Study = Raw & { table: Record<string, Table>; lines: Line[]; days: number };

const TYPES = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array, float32: Float32Array };

export class Damaged extends Error {}

/** The study of this page; throws `Damaged` where the page was cut or changed. */
export async function readStudy(): Promise<Study> {
  const text = document.getElementById("data")?.textContent ?? "";
  if (!text.trim() || text.startsWith("__KHINGAN")) throw new Damaged("no study stands in this page");
  let raw: Raw;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new Damaged("the study in this page is cut off or changed");
  }
  const table = await unpack(raw);
  return { ...raw, table, lines: linesOf(raw, table), days: Math.round((raw.steps * raw.step) / 24) };
}

export async function unpack(raw: Pick<Raw, "arrays" | "blob">): Promise<Record<string, Table>> {
  let bytes: Uint8Array;
  try {
    const stream = new Blob([packed(raw.blob)]).stream().pipeThrough(new DecompressionStream("deflate"));
    bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new Damaged("the packed numbers of this page do not unpack");
  }
  const table: Record<string, Table> = {};
  let at = 0;
  for (const [name, type, shape, steps] of raw.arrays) {
    const kind = TYPES[type as keyof typeof TYPES];
    const size = kind.BYTES_PER_ELEMENT * shape.reduce((product, length) => product * length, 1);
    if (at + size > bytes.length) throw new Damaged("the packed numbers of this page are too few");
    table[name] = new Folded(bytes.subarray(at, at + size), kind, shape, steps > 0);
    at += size;
  }
  return table;
}

function packed(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text), made = new Uint8Array(plain.length);
  for (let k = 0; k < made.length; k++) made[k] = plain.charCodeAt(k);
  return made;
}

/** A table that is laid out when it is first looked into: most of them no first view needs. */
class Folded {
  private made: Numbers | null = null;
  constructor(private part: Uint8Array, private kind: (typeof TYPES)[keyof typeof TYPES], readonly shape: number[], private steps: boolean) {}

  get values(): Numbers {
    if (this.made) return this.made;
    this.made = joined(this.part, this.kind, this.part.length / this.kind.BYTES_PER_ELEMENT, this.kind.BYTES_PER_ELEMENT);
    if (this.steps) summed(this.made, this.shape[this.shape.length - 1]);
    return this.made;
  }
}

/** Bytes of equal weight stand together in the blob. */
function joined(part: Uint8Array, kind: (typeof TYPES)[keyof typeof TYPES], count: number, size: number): Numbers {
  if (size === 1) return part.slice() as Uint8Array;
  const whole = new Uint8Array(count * size);
  for (let byte = 0; byte < size; byte++) for (let k = 0; k < count; k++) whole[k * size + byte] = part[byte * count + k];
  return new kind(whole.buffer);
}

/** Undoes differences along rows; typed arrays wrap as NumPy's did. */
function summed(values: Numbers, length: number): void {
  for (let row = 0; row < values.length; row += length)
    for (let k = row + 1; k < row + length; k++) values[k] += values[k - 1];
}

export function linesOf(raw: Pick<Raw, "ground">, table: Record<string, Table>): Line[] {
  const { values } = table.lines;
  const count = values.length / 2;
  let at = 0;
  return raw.ground.lines.map(([kind, name, length]) => {
    const points = new Int16Array(2 * length);
    let x = 0, y = 0;
    for (let k = 0; k < length; k++) {
      points[2 * k] = x += values[at + k];
      points[2 * k + 1] = y += values[count + at + k];
    }
    at += length;
    return { kind, name, points };
  });
}

/** One row of a table of two or more axes. */
export function row(table: Table, ...index: number[]): Numbers {
  let size = table.values.length, at = 0;
  index.forEach((k, axis) => {
    size /= table.shape[axis];
    at += k * size;
  });
  return table.values.subarray(at, at + size) as Numbers;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEK = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Dates in the campaign's own time. */
export class Calendar {
  readonly zero: number;
  constructor(private study: Study) {
    this.zero = Date.parse(study.start);
  }
  moment(hours: number): Date {
    return new Date(this.zero + hours * 3600e3);
  }
  day(hours: number | null | undefined): string {
    if (hours == null || !Number.isFinite(hours) || hours > this.study.horizon) return "never";
    const at = this.moment(hours);
    return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  }
  full(hours: number): string {
    const at = this.moment(hours);
    return `${WEEK[at.getUTCDay()]} ${at.getUTCDate()} ${LONG[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  }
  clock(hours: number): string {
    return this.moment(hours).toISOString().slice(11, 16);
  }
  month(hours: number): string {
    return LONG[this.moment(hours).getUTCMonth()];
  }
}

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** A count with thousands apart. */
export const count = (value: number): string => whole.format(value);

/** A share as a whole per cent. */
export const percent = (v: number): string => `${Math.round(100 * v)} %`;

/** A day given as YYYY-MM-DD in words. */
export const ymd = (day: string): string => {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
};
