// Why the war ended: each school in its own best words with its sources, and what the one date says of them.
import { percent, ymd } from "./data";
import type { School, Schools, Study } from "./data";
import { h, s } from "./dom";

const W = 420, H = 46;

/** Whose decision ended the war in this study. */
export function ending(study: Study): string {
  if (study.politics === "calendar") return "surrender: historical calendar";
  if (study.politics === "schools") return "surrender: each school in turn";
  return `surrender as drawn by the school ${study.schools?.rows.find((row) => row.key === study.politics)?.title ?? study.politics}`;
}

export function schoolsPage(schools: Schools, politics: string): HTMLElement {
  const used = politics === "calendar" ? "This study ends the war by the historical calendar, so no school bears on its figures."
    : politics === "schools" ? "In this study each school in turn draws the decision." : `This study draws the decision as one school reads it: ${schools.rows.find((row) => row.key === politics)?.title ?? politics}.`;
  const factors = schools.rows.flatMap((row) => Object.values(row.bayes_factor ?? {}));
  return h("div", { class: "comparison schools", id: "schools" }, h("h2", {}, "Why the war ended"),
    h("p", { class: "lead" }, used, factors.length ? ` One event cannot tell the schools apart: no Bayes factor of the historical dates is above ${Math.max(...factors).toFixed(1)}.` : ""),
    h("p", { class: "hint" }, "Each school in its holders' own best words. The distributions are this model's caricature of each (grade C), not the literature's numbers; they are never averaged in silence. Bar: 5 to 95 % and 25 to 75 % of the date of the broadcast; tick: median; heavy tick: history; days are drawn by the root of their number."),
    h("ol", { class: "shocks" }, ...schools.shocks.map(([at, title]) => h("li", {}, h("b", {}, `${ymd(at.slice(0, 10))}, ${at.slice(11, 16)}`), ` ${title}`))),
    h("div", { class: "cards" }, ...schools.rows.map((row) => card(row, schools, row.key === politics))));
}

function card(row: School, schools: Schools, used: boolean): HTMLElement {
  const name = (key: string) => schools.rows.find((other) => other.key === key)?.title ?? key;
  const against = Object.entries(row.bayes_factor ?? {}).map(([key, factor]) => `${factor.toFixed(2)} against “${name(key)}”`).join(", ");
  return h("article", { class: used ? "school used" : "school" }, h("h3", {}, row.title, used ? h("small", {}, " played in this study") : null),
    h("p", { class: "holders" }, row.holders), h("p", { class: "thesis" }, row.thesis),
    h("h4", {}, "What it points to"), h("ul", {}, ...row.evidence.map((text) => h("li", {}, text))),
    row.broadcast ? h("h4", {}, "The broadcast, as the model's caricature has it") : null, row.broadcast ? dates(row, schools) : null,
    against ? h("p", { class: "hint" }, `Chance of a decision in the window of the record: ${percent(row.likelihood!)}. Bayes factor: ${against}.`) : null,
    h("h4", {}, "Sources"), h("ul", { class: "cited" }, ...row.sources.map((text) => h("li", {}, text))));
}

function dates(row: School, schools: Schools): HTMLElement {
  const time = (at: string) => Date.parse(`${at}Z`), all = schools.rows.flatMap((other) => Object.values(other.broadcast ?? {})).filter((at) => at !== null) as string[];
  const from = Math.min(...all.map(time), ...schools.shocks.slice(1).map(([at]) => time(at))), to = Math.max(...all.map(time));
  // Days since the first, on a scale of roots: weeks matter at first, months later.
  const x = (at: string | null) => (at === null ? W - 4 : 4 + Math.sqrt(Math.max(0, (time(at) - from) / (to - from))) * (W - 8));
  const q = row.broadcast!, [a, b, c, d, e] = ["0.05", "0.25", "0.5", "0.75", "0.95"].map((chance) => q[chance]);
  const day = (at: string | null) => (at === null ? "later than a year" : ymd(at.slice(0, 10)));
  const said = `median ${day(c)}, half of it ${day(b)} to ${day(d)}, 5 to 95 % ${day(a)} to ${day(e)}`;
  const figure = s("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": said }, s("path", { class: "grid", d: `M0 16H${W}` }),
    s("rect", { class: "believes faint", x: x(a), y: 10, width: x(e) - x(a), height: 12 }), s("rect", { class: "believes", x: x(b), y: 10, width: Math.max(1, x(d) - x(b)), height: 12 }), s("path", { class: "tick", d: `M${x(c)} 7V25` }));
  if (schools.broadcast) figure.append(s("path", { class: "on-record", d: `M${x(schools.broadcast)} 3V29` }), s("text", { class: "end history", x: x(schools.broadcast) + 4, y: 42 }, ymd(schools.broadcast.slice(0, 10))));
  return h("div", { class: "dates" }, figure as unknown as HTMLElement, h("p", { class: "hint" }, `${said[0].toUpperCase()}${said.slice(1)}${row.never && row.never > 0.005 ? `; later than a year ${percent(row.never)}` : ""}.`));
}
