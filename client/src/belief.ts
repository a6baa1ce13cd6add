// What the defender's headquarters believed before H-hour: when, where, how strong; black is what is on record.
import { percent, ymd } from "./data";
import type { Band, Belief, Calendar, Heard, Spread, Study } from "./data";
import { h, s } from "./dom";

// On a narrow screen a chart is drawn smaller, so that its words stay as large.
const W = innerWidth < 700 ? 360 : 560, H = 190, LEFT = 40, RIGHT = 16, TOP = 12, FOOT = 24;

/** A page of its own; the picker changes whose belief it is. */
export function believed(belief: Belief, start: string): HTMLElement {
  const body = h("div", {}), observers = belief.observers;
  const own = Math.max(0, observers.findIndex((o) => o.observer === "kwantung"));
  const select = h("select", { id: "observer", "aria-label": "Headquarters", change: () => show(Number(select.value)) },
    ...observers.map((o, k) => h("option", { value: k, selected: k === own }, o.name)));
  const show = (k: number) => body.replaceChildren(...parts(belief, observers[k], start));
  show(own);
  return h("div", { class: "comparison belief", id: "belief" }, h("label", { class: "picker" }, "Belief of ", select), body);
}

function parts(belief: Belief, who: Belief["observers"][number], start: string): HTMLElement[] {
  const eve = belief.h_hour[who.observer], first = belief.prior[who.observer];
  const week = Math.max(0, belief.weeks.findIndex((day, k) => day !== null && day <= start && ((belief.weeks[k + 1] ?? "9999") > start)));
  const sum = (row: number[]) => row.reduce((a, b) => a + b, 0);
  const main = belief.axes.findIndex((axis) => axis.main), last = belief.months[belief.months.length - 1];
  const axis = main >= 0 ? ` and ${percent(eve.reduce((a, row) => a + row[main], 0))} to the axis of the main blow, ${belief.axes[main].name}` : "";
  return [
    h("h2", {}, `What the ${who.name} thought`),
    h("p", { class: "lead" }, `On the eve of ${ymd(start)} it gave ${percent(sum(eve[week]))} to an attack in the week in which it came, ${percent(last.before_cut[who.observer].median)} to one before ${ymd(belief.cut)}${axis}.`),
    h("p", { class: "hint" }, `Mean and median of ${belief.runs} preludes with the study's seed and settings. What came surprised by ${bits(who.bits.date)} bits in its date and ${bits(who.bits.axis)} in its axis; ${percent(who.alerted)} of the preludes find it alerted. What has the colour of the text is history: what came, and what is on record.`),
    h("h3", {}, "When"), when(belief, first.map(sum), eve.map(sum), week),
    h("h3", {}, "Where"), where(belief, who.observer),
    h("div", { class: "beside" },
      h("figure", {}, h("figcaption", {}, h("b", {}, `An attack before ${ymd(belief.cut)}`), h("span", {}, " median, 5 to 95 % of preludes; upright bars: estimates on record")), before(belief, who.observer)),
      h("figure", {}, h("figcaption", {}, h("b", {}, "Divisions brought east"), h("span", {}, " red: in place; blue: believed")), forces(belief, who.observer))),
    h("h3", {}, "On record"), record(belief, who.observer),
  ];
}

const bits = (spread: Spread) => `${spread.median.toFixed(1)} (${spread.q05.toFixed(1)} to ${spread.q95.toFixed(1)})`;
const time = (day: string) => Date.parse(`${day}T00:00Z`);

function axes(figure: SVGElement, x: (day: string) => number, from: string, to: string, wide: number, foot: number): void {
  const at = new Date(time(from)), months = (time(to) - time(from)) / 2.63e9, every = Math.ceil(months / (wide / 44));
  for (at.setUTCDate(1); at.getTime() <= time(to); at.setUTCMonth(at.getUTCMonth() + 1)) {
    const day = at.toISOString().slice(0, 10);
    if (time(day) < time(from) || at.getUTCMonth() % every) continue;
    figure.append(s("path", { class: "grid", d: `M${x(day)} ${TOP}V${foot}` }));
    figure.append(s("text", { x: x(day) + 3, y: foot + 14 }, ymd(day).split(" ")[1] + (at.getUTCMonth() === 0 ? ` ${at.getUTCFullYear()}` : "")));
  }
}

/** Belief by week, on the first day as an outline and on the eve as bars; the week in which it came is framed. */
function when(belief: Belief, first: number[], eve: number[], week: number): HTMLElement {
  const wide = Math.min(1080, Math.max(330, innerWidth - (innerWidth > 600 ? 88 : 28))), tall = 170, foot = tall - FOOT, weeks = belief.weeks.filter((day) => day !== null) as string[], n = weeks.length;
  const most = Math.max(...first.slice(0, n), ...eve.slice(0, n)), step = (wide - LEFT - RIGHT) / n;
  const x = (k: number) => LEFT + k * step, y = (v: number) => foot - (v / most) * (foot - TOP);
  const never = first.length > n ? `; later or never ${percent(first[n])} on ${ymd(belief.begins)}, ${percent(eve[n])} on the eve` : "";
  const figure = s("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": `Belief by week${never}` });
  axes(figure, (day) => LEFT + ((time(day) - time(weeks[0])) / 6.048e8) * step, weeks[0], weeks[n - 1], wide, foot);
  for (const share of [0, most]) figure.append(s("text", { x: LEFT - 5, y: y(share) + 3.5, "text-anchor": "end" }, `${(100 * share).toFixed(share ? 1 : 0)} %`));
  for (let k = 0; k < n; k++)
    if (eve[k] > 0) figure.append(s("rect", { class: "believes", x: x(k) + 0.5, y: y(eve[k]), width: step - 1, height: foot - y(eve[k]) }, s("title", {}, `week of ${ymd(weeks[k])}: ${(100 * eve[k]).toFixed(1)} % on the eve, ${(100 * first[k]).toFixed(1)} % on ${ymd(belief.begins)}`)));
  figure.append(s("path", { class: "atfirst", d: first.slice(0, n).map((v, k) => `${k ? "L" : "M"}${x(k)} ${y(v)}H${x(k + 1)}`).join("") }));
  figure.append(s("rect", { class: "came", x: x(week), y: TOP - 6, width: step, height: foot - TOP + 6 }), s("text", { class: "end history", x: x(week) - 5, y: TOP + 4, "text-anchor": "end" }, "came"));
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Belief by week" }, figure as unknown as HTMLElement,
    h("p", { class: "key" }, h("i", { class: "swatch believes" }), " on the eve ", h("i", { class: "swatch atfirst" }), ` on ${ymd(belief.begins)}${never}`));
}

/** Axis by month as a table of tints; the row of the main blow is framed. */
function where(belief: Belief, who: string): HTMLElement {
  const cell = (share: number) => h("td", { class: share > 0.5 ? "tint deep" : "tint", style: `--share:${Math.round(100 * Math.min(1, share * 1.3))}%` }, percent(share));
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Belief by axis and month" }, h("table", { class: "axes" },
    h("thead", {}, h("tr", {}, h("th", {}, ""), ...belief.months.map((m) => h("th", {}, ymd(m.day).replace(/ \d{4}$/, ""))))),
    h("tbody", {}, ...belief.axes.map((axis) => h("tr", { class: axis.main ? "came" : "" }, h("th", { scope: "row" }, axis.name, axis.main ? h("small", {}, " main blow") : null), ...belief.months.map((m) => cell(m.axes[who][axis.axis])))))));
}

function frame(belief: Belief, most: number, label: string, said: (v: number) => string) {
  const days = belief.months.map((m) => m.day), from = time(days[0]), to = time(days[days.length - 1]);
  const x = (day: string) => LEFT + ((time(day) - from) / (to - from)) * (W - LEFT - RIGHT), y = (v: number) => H - FOOT - (v / most) * (H - FOOT - TOP);
  const figure = s("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label });
  for (const v of [0, most / 2, most]) figure.append(s("path", { class: "grid", d: `M${LEFT} ${y(v)}H${W - RIGHT}` }), s("text", { x: LEFT - 5, y: y(v) + 3.5, "text-anchor": "end" }, said(v)));
  axes(figure, x, days[0], days[days.length - 1], W, H - FOOT);
  const marks = belief.marks.filter(([day]) => time(day) > from && time(day) < to);
  marks.forEach(([day, text], k) => {
    const before = k === 0 && marks.length > 1; // two marks of one spring stand back to back
    figure.append(s("path", { class: "now", d: `M${x(day)} ${TOP}V${H - FOOT}` }), s("text", { x: x(day) + (before ? -3 : 3), y: TOP - 3, "text-anchor": before ? "end" : "start" }, text));
  });
  return { figure, x, y };
}

function band(figure: SVGElement, days: string[], spreads: Spread[], x: (day: string) => number, y: (v: number) => number): void {
  const edge = (key: keyof Spread) => days.map((day, k) => `${x(day).toFixed(1)},${y(spreads[k][key]).toFixed(1)}`);
  figure.append(s("path", { class: "believes faint", d: `M${edge("q95").join("L")}L${edge("q05").reverse().join("L")}Z` }), s("path", { class: "belief-line", d: `M${edge("median").join("L")}` }));
}

function before(belief: Belief, who: string): HTMLElement {
  const spreads = belief.months.map((m) => m.before_cut[who]), own = belief.estimates.filter((e) => e.observer === who && e.low !== null && e.high !== null);
  const most = Math.max(0.2, ...spreads.map((v) => v.q95), ...own.map((e) => e.high!));
  const { figure, x, y } = frame(belief, Math.ceil(most * 10) / 10, `Belief in an attack before ${ymd(belief.cut)}`, percent);
  band(figure, belief.months.map((m) => m.day), spreads, x, y);
  for (const e of own) figure.append(s("path", { class: "on-record", d: `M${x(e.day)} ${y(e.low!)}V${y(e.high!)}` }, s("title", {}, `${ymd(e.day)}: ${e.said}`)));
  return figure as unknown as HTMLElement;
}

function forces(belief: Belief, who: string): HTMLElement {
  const months = belief.months.filter((m) => m.in_place && m.believed_in_place), days = months.map((m) => m.day);
  const spreads = months.map((m) => m.believed_in_place![who]), most = Math.max(1, ...spreads.map((v) => v.q95), ...months.map((m) => m.in_place!.q95));
  const { figure, x, y } = frame(belief, Math.ceil(most / 10) * 10, "Divisions brought east, in place and believed", (v) => String(v));
  band(figure, days, spreads, x, y);
  figure.append(s("path", { class: "median", d: `M${months.map((m) => `${x(m.day)},${y(m.in_place!.median)}`).join("L")}` }));
  return figure as unknown as HTMLElement;
}

function record(belief: Belief, who: string): HTMLElement {
  const rows = [...belief.estimates].sort((a, b) => Number(b.observer === who) - Number(a.observer === who) || a.day.localeCompare(b.day));
  const name = (key: string) => belief.observers.find((o) => o.observer === key)?.name ?? key;
  if (!rows.length) return h("p", { class: "hint" }, "No estimate is on record in this campaign.");
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Estimates on record" }, h("table", { class: "record" }, h("thead", {}, h("tr", {}, ...["Day", "Who", "Thought", "Chance before the cut", "Grade"].map((t) => h("th", {}, t)))),
    h("tbody", {}, ...rows.map((e) => h("tr", { class: e.observer === who ? "own" : "" }, h("th", { scope: "row" }, ymd(e.day)), h("td", {}, name(e.observer)), h("td", {}, e.said), h("td", {}, e.low === null || e.high === null ? "" : `${percent(e.low)} to ${percent(e.high)}`), h("td", {}, h("span", { class: `grade ${e.grade}` }, e.grade)))))));
}

/** What headquarters heard once the attack had begun: ground known to be lost, and men reported, beside what was so. */
export function afterwards(heard: Heard, study: Study, calendar: Calendar, look: () => void): HTMLElement {
  const days = study.days, lag = heard.lag.map((v) => (v === null ? "–" : `${Math.round(v)}`));
  const strength = (front: Heard["fronts"][number]) => Math.max(...front.true[1]), most = Math.max(1e-9, ...heard.fronts.map(strength));
  const fronts = heard.fronts.filter((front) => strength(front) >= most / 20);
  // Of the large ones: a fleet in port is not what it was surprised by.
  const worst = fronts.filter((front) => strength(front) >= most / 4).sort((a, b) => shareKnown(a) - shareKnown(b))[0];
  const finding = worst && days > 2 ? `By the evening of ${calendar.day(3 * 24 - 1)} its formations had reported ${percent(shareKnown(worst))} of the men of the ${worst.name}, in the middle of the runs. ` : "";
  return h("section", { class: "after", id: "after" }, h("h2", {}, "After the attack"),
    h("p", { class: "lead" }, `${finding}It heard of a loss of ground after ${lag[1]} hours (${lag[0]} to ${lag[2]} in 80 % of losses).`),
    h("p", { class: "hint" }, `Reckoned from the first ${heard.runs} runs: a formation sees what stands beside it, its report takes its time through each headquarters, and of ground that nobody sees the news comes by other ways (parameters intelligence.report_h and silence_h, grade C: judgement). Nothing of this acts on the fight. Bands: 80 % of runs.`),
    h("p", {}, h("button", { type: "button", id: "believed-front", click: look }, "The believed front on the map")),
    h("div", { class: "several" },
      duo("Ground lost", "thousand km²; blue: known to be lost", heard.ground.true, heard.ground.believed, days, calendar),
      ...fronts.map((front) => duo(front.name, "thousand men; blue: reported so far", front.true, front.believed, days, calendar))));
}

/** Of the men of a front, the share reported by the evening of the third day. */
const shareKnown = (front: Heard["fronts"][number]): number => front.believed[1][2] / Math.max(1e-9, front.true[1][2]);

function duo(title: string, unit: string, truth: Band, said: Band, days: number, calendar: Calendar): HTMLElement {
  const wide = 340, tall = 150, left = 36, right = 44, foot = tall - 18, most = Math.max(1, ...truth[2], ...said[2]);
  const x = (day: number) => left + (day / days) * (wide - left - right), y = (v: number) => foot - (v / most) * (foot - TOP);
  const edge = (values: number[]) => values.map((v, k) => `${x(k + 1).toFixed(1)},${y(v).toFixed(1)}`);
  const last = (band: Band) => Math.round(band[1][days - 1]), [own, theirs] = [y(truth[1][days - 1]) + 3.5, y(said[1][days - 1]) + 3.5];
  const figure = s("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": `${title}: ${last(truth)} in truth and ${last(said)} known on the last day` });
  for (const v of [0, most / 2, most]) figure.append(s("path", { class: "grid", d: `M${left} ${y(v)}H${wide - right}` }), s("text", { x: left - 5, y: y(v) + 3.5, "text-anchor": "end" }, String(Math.round(v))));
  const every = Math.max(1, Math.ceil(days / 4 / 7) * 7);
  for (let day = 0; day < days; day += every) figure.append(s("text", { x: x(day), y: tall - 4, "text-anchor": day ? "middle" : "start" }, calendar.day(day * 24)));
  for (const [band, kind, line] of [[truth, "truth-band", "median"], [said, "believes faint", "belief-line"]] as const)
    figure.append(s("path", { class: kind, d: `M${edge(band[2]).join("L")}L${edge(band[0]).reverse().join("L")}Z` }), s("path", { class: line, d: `M${edge(band[1]).join("L")}` }));
  const apart = theirs - own < 11 ? 11 - (theirs - own) : 0;
  figure.append(s("text", { class: "end model", x: wide - right + 5, y: own - apart / 2 }, String(last(truth))), s("text", { class: "end belief-end", x: wide - right + 5, y: theirs + apart / 2 }, String(last(said))));
  return h("figure", {}, h("figcaption", {}, h("b", {}, title), h("span", {}, ` ${unit}`)), figure as unknown as HTMLElement);
}
