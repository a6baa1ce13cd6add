// Charts as SVG: fans over the days, strips of one row, histograms of a subject. Each carries its figures as text too.
import { h, s } from "./dom";
import type { Calendar, Row, Study } from "./data";

export type Dot = { day: number; low: number; value: number; high: number; name: string };
export type Fan = {
  title: string; unit: string; bands: ArrayLike<number>[]; scale: number; dots: Dot[]; note?: string; digits?: number; fromZero?: boolean;
};

const W = 196, H = 112, LEFT = 26, RIGHT = 34, TOP = 10, FOOT = 16;

function ticks(most: number): number[] {
  const rough = most / 4.2, power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= rough) ?? power * 10;
  const made = [];
  for (let v = 0; v <= most * 1.001; v += step) made.push(v);
  return made;
}

export const short = (value: number, digits = 0): string =>
  Math.abs(value) >= 10000 ? `${Math.round(value / 1000)}k` : value.toLocaleString("en-GB", { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** 80 and 50 % bands, the median, history in black, and the map's day as a dashed line. */
export function fan(chart: Fan, days: number, calendar: Calendar, id: string): HTMLElement {
  const at = (share: number, day: number) => (day || !chart.fromZero ? chart.bands[share][Math.max(0, day - 1)] / chart.scale : 0);
  const known = Array.from({ length: days }, (_, k) => k + 1).filter((d) => Number.isFinite(chart.bands[2]?.[d - 1]));
  const most = Math.max(1e-9, ...known.map((d) => at(4, d)), ...chart.dots.map((d) => d.high / chart.scale));
  const x = (day: number) => LEFT + (day / days) * (W - LEFT - RIGHT), y = (v: number) => H - FOOT - (v / most) * (H - FOOT - TOP);
  const list = [0, ...known];
  const edge = (share: number) => list.map((d) => `${x(d).toFixed(1)},${y(at(share, d)).toFixed(1)}`);
  const band = (low: number, high: number, kind: string) => s("path", { class: kind, d: `M${edge(high).join("L")}L${edge(low).reverse().join("L")}Z` });
  const figure = s("svg", { class: "fan", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": said(chart, days) });
  if (!known.length && !chart.dots.length) return h("figure", { class: "chart", id }, caption(chart), h("p", { class: "hint" }, "nothing to show"));
  for (const v of ticks(most)) {
    figure.append(s("path", { class: "grid", d: `M${LEFT} ${y(v)}H${W - RIGHT}` }));
    figure.append(s("text", { class: "axis", x: LEFT - 4, y: y(v) + 3.5, "text-anchor": "end" }, short(v, most < 5 ? 1 : 0)));
  }
  for (const [day, text] of marks(days, calendar)) figure.append(s("text", { class: "axis", x: x(day), y: H - 4, "text-anchor": "middle" }, text));
  figure.append(s("text", { class: "axis", x: x(days), y: H - 4, "text-anchor": "middle" }, calendar.day(days * 24 - 1)));
  if (known.length) {
    figure.append(band(0, 4, "band80"), band(1, 3, "band50"), s("path", { class: "median", d: `M${edge(2).join("L")}` }));
    ends(figure, chart, at(2, known[known.length - 1]), x(days) + 4, y);
  }
  for (const dot of chart.dots) {
    const px = x(dot.day), v = dot.value / chart.scale;
    if (dot.high > dot.low) figure.append(s("path", { class: "history-range", d: `M${px} ${y(dot.low / chart.scale)}V${y(dot.high / chart.scale)}` }));
    figure.append(s("circle", { class: "history", cx: px, cy: y(v), r: 3 }, s("title", {}, `history: ${dot.name} ${short(v, 1)}`)));
  }
  figure.append(s("path", { class: "now", "data-left": LEFT, "data-width": W - LEFT - RIGHT, d: `M0 ${TOP}V${H - FOOT}` }));
  return h("figure", { class: "chart", id }, caption(chart), figure as unknown as HTMLElement,
    chart.note ? h("small", { class: "note" }, chart.note) : null);
}

/** Days of a short war; the letters of its months where days would crowd. */
function marks(days: number, calendar: Calendar): [number, string][] {
  const every = days > 20 ? 7 : days > 8 ? 3 : 1, room = days * 0.82; // the last day has a label of its own
  if (days <= 45) return Array.from({ length: Math.ceil(days / every) }, (_, k) => [k * every, calendar.day(k * every * 24).split(" ")[0]] as [number, string]).filter(([day]) => day < room);
  return Array.from({ length: days }, (_, day) => day).filter((day) => calendar.moment(day * 24).getUTCDate() === 1 && day < room).map((day) => [day, calendar.month(day * 24).slice(0, 1)]);
}

const caption = (chart: Fan): HTMLElement => h("figcaption", {}, h("b", {}, chart.title), h("span", {}, chart.unit));

function ends(figure: SVGElement, chart: Fan, last: number, x: number, y: (v: number) => number): void {
  const dot = chart.dots[chart.dots.length - 1];
  let own = y(last) + 3.5;
  if (dot) {
    const theirs = y(dot.value / chart.scale) + 3.5, apart = own - theirs;
    const shown = Math.abs(apart) < 11 ? own + (apart >= 0 ? -11 : 11) : theirs;
    if (apart >= 0 && Math.abs(apart) < 11) own += 1;
    figure.append(s("text", { class: "end history", x, y: shown }, short(dot.value / chart.scale, chart.digits)));
  }
  figure.append(s("text", { class: "end model", x, y: own }, short(last, chart.digits)));
}

function said(chart: Fan, days: number): string {
  const last = (k: number) => short((chart.bands[k]?.[days - 1] ?? NaN) / chart.scale, chart.digits);
  const past = chart.dots.map((d) => `${d.name} ${short(d.value / chart.scale, chart.digits)}`).join(", ");
  return `${chart.title}, ${chart.unit}: median ${last(2)}, 80 % of runs ${last(0)} to ${last(4)} on the last day${past ? `; history: ${past}` : "; no history recorded"}`;
}

/** Moves the dashed line of every fan to a day. */
export function moveNow(share: number): void {
  for (const line of document.querySelectorAll<SVGPathElement>("path.now")) {
    const at = Number(line.dataset.left) + share * Number(line.dataset.width);
    line.setAttribute("transform", `translate(${at.toFixed(1)} 0)`);
  }
}

/** One dated row: bar 5 to 95 %, tick median, dot history; what never came stands at the right end. */
export function strip(row: Row, study: Study, width = 170): SVGElement {
  const timed = row.unit === "h", most = timed ? study.horizon : Math.max(row.q95, row.observed_high, 1);
  const zone = timed ? 14 : 0;
  const x = (v: number) => (timed && v > study.horizon ? width - 5 : 5 + (Math.max(0, v) / most) * (width - 10 - zone));
  const left = x(row.q05), right = x(row.q95);
  return s("svg", { class: "strip", viewBox: `0 0 ${width} 16`, width, height: 16, "aria-hidden": "true" },
    s("path", { class: "line", d: `M5 8H${width - 5}` }),
    s("rect", { class: "bar", x: left, y: 3.5, width: Math.max(1.5, right - left), height: 9 }),
    s("path", { class: "tick", d: `M${x(row.median)} 2v12` }),
    s("path", { class: "history-range", d: `M${x(row.observed_low)} 8H${x(row.observed_high)}` }),
    s("circle", { class: "history", cx: x(row.observed), cy: 8, r: 3.3 }));
}

/** How many runs saw it in each step; the last bar is never. */
export function histogram(runs: ArrayLike<number>, study: Study, calendar: Calendar, history: number | null, what: string): HTMLElement {
  const perDay = Math.max(1, Math.round(24 / study.step)), days = study.days, bars: number[] = [];
  for (let day = 0; day < days; day++) {
    let sum = 0;
    for (let k = 0; k < perDay; k++) sum += runs[day * perDay + k] ?? 0;
    bars.push(sum);
  }
  const never = runs[study.steps] ?? 0, all = bars.reduce((a, b) => a + b, never) || 1, most = Math.max(...bars, never, 1);
  const width = 392, tall = 84, left = 4, step = (width - left - 44) / days;
  const y = (v: number) => tall - 16 - (v / most) * (tall - 28);
  const figure = s("svg", { class: "histogram", viewBox: `0 0 ${width} ${tall}`, role: "img", "aria-label": `${what}: ${quantiles(runs, study, calendar)}` });
  bars.forEach((v, day) => {
    if (v) figure.append(s("rect", { class: "bar", x: left + day * step + 0.5, y: y(v), width: step - 1, height: tall - 16 - y(v) }, s("title", {}, `${calendar.day(day * 24)}: ${Math.round((100 * v) / all)} % of runs`)));
  });
  if (never) figure.append(s("rect", { class: "bar never", x: width - 30, y: y(never), width: 22, height: tall - 16 - y(never) }, s("title", {}, `never: ${Math.round((100 * never) / all)} %`)));
  figure.append(s("path", { class: "grid", d: `M${left} ${tall - 16}H${width - 4}` }));
  const every = days > 45 ? Math.ceil(days / 28) * 7 : days > 8 ? 7 : 2;
  for (let day = 0; day < days; day += every) figure.append(s("text", { class: "axis", x: left + day * step, y: tall - 3 }, calendar.day(day * 24)));
  figure.append(s("text", { class: "axis", x: width - 19, y: tall - 3, "text-anchor": "middle" }, never ? `never ${Math.round((100 * never) / all)} %` : "never"));
  if (history !== null) {
    const at = left + (history / 24) * step;
    figure.append(s("path", { class: "history-line", d: `M${at} 8V${tall - 16}` }), s("circle", { class: "history", cx: at, cy: 6, r: 3.2 }));
  }
  figure.append(s("path", { class: "now", "data-left": left, "data-width": days * step, d: `M0 2V${tall - 16}` }));
  return h("figure", { class: "chart wide" }, h("figcaption", {}, h("b", {}, what), h("span", {}, quantiles(runs, study, calendar))), figure as unknown as HTMLElement);
}

/** The middle of the runs and four fifths of them, in dates. */
export function quantiles(runs: ArrayLike<number>, study: Study, calendar: Calendar): string {
  let all = 0;
  for (let k = 0; k <= study.steps; k++) all += runs[k] ?? 0;
  const at = (share: number): number | null => {
    let sum = 0;
    for (let k = 0; k < study.steps; k++) if ((sum += runs[k] ?? 0) >= share * all) return (k + 1) * study.step - 0.01;
    return null;
  };
  if (!all) return "no runs";
  const [low, middle, high] = [at(0.1), at(0.5), at(0.9)].map((v) => calendar.day(v));
  return low === "never" ? "hardly ever" : `median ${middle}; 80 % of runs ${low} – ${high}`;
}
