// The strip below the map: the sentence of the moment, the date, play and steps, the slider with its events.
import { h } from "./dom";
import type { Calendar, Statement, Study } from "./data";
import type { Selection, State } from "./state";

type Event = { hours: number; text: string; mark: string; selection: Selection | null };

export type Hooks = { step: (to: number) => void; select: (selection: Selection | null) => void; open: (page: State["page"]) => void };

export class Timeline {
  readonly element: HTMLElement;
  private slider: HTMLInputElement;
  private date = h("h2", { class: "date" });
  private clock = h("p", { class: "clock" });
  private sentence = h("div", { class: "sentence" });
  private events = h("div", { class: "events" });
  private playButton: HTMLButtonElement;
  private timer = 0;
  private list: Event[];
  private said: Statement[]; // by their hour
  private pace: number; // days a second: a war of months must not take minutes to watch

  constructor(private study: Study, private calendar: Calendar, private hooks: Hooks, private current: () => number) {
    this.list = eventsOf(study);
    this.said = study.statements.filter((c) => within(c, study)).sort((a, b) => a.hours[0]! - b.hours[0]!);
    this.pace = study.days > 60 ? 4 : 1;
    this.slider = h("input", { type: "range", id: "when", min: 0, max: study.steps, step: 1, "aria-label": "Date",
      input: () => hooks.step(Number(this.slider.value)) });
    const button = (id: string, text: string, label: string, run: () => void) => h("button", { id, type: "button", "aria-label": label, title: label, click: run }, text);
    this.playButton = button("play", "▶", "Play", () => this.play());
    const days = h("div", { class: "days", "aria-hidden": "true" });
    for (const { day, text, week } of ticksOf(study.days, calendar))
      days.append(h("span", { class: week ? "week" : "", style: `left:${(100 * day) / study.days}%` }, text));
    for (const { day, text } of monthsOf(study.days, calendar)) days.append(h("i", { style: `left:${(100 * day) / study.days}%` }, text));
    this.element = h("section", { class: "time", "aria-label": "Time" }, this.sentence,
      h("div", { class: "clockwork" },
        h("div", { class: "moment" }, this.date, this.clock,
          h("div", { class: "steps" }, this.playButton, button("back", `−${study.step} h`, "Step back", () => hooks.step(current() - 1)),
            button("forth", `+${study.step} h`, "Step on", () => hooks.step(current() + 1)), h("span", { class: "pace" }, this.pace > 1 ? `${this.pace} days / s` : "1 day / s"))),
        h("div", { class: "track" }, this.events, h("div", { class: "rail" }, this.slider, days))));
  }

  show(state: State): void {
    const hours = state.step * this.study.step;
    this.slider.value = String(state.step);
    this.slider.style.setProperty("--share", `${(100 * state.step) / this.study.steps}%`);
    this.slider.setAttribute("aria-valuetext", `${this.calendar.full(hours)}, ${this.calendar.clock(hours)}`);
    this.date.textContent = this.calendar.full(hours);
    const day = Math.min(this.study.days, Math.floor(hours / 24) + 1);
    this.clock.textContent = `${this.calendar.clock(hours)} campaign time · day ${day} of ${this.study.days}`;
    this.say(hours);
  }

  /** The document's words for the moment, repaired reading first, printed form beside it. */
  private say(hours: number): void {
    let past = 0;
    while (past < this.said.length && this.said[past].hours[0]! <= hours) past++;
    const last = this.said[past - 1];
    const next = this.list.find((e) => e.hours > hours);
    const key = `${last?.claim}|${next?.text}`;
    if (this.sentence.dataset.key === key) return;
    this.sentence.dataset.key = key;
    this.sentence.replaceChildren();
    if (last) {
      const index = this.study.statements.indexOf(last);
      this.sentence.append(h("button", { type: "button", class: "said", click: () => { this.hooks.open("chronicle"); this.hooks.select({ kind: "claim", index }); } },
        h("em", {}, last.statement), last.printed ? h("span", {}, `printed “${last.printed}”`) : null, h("span", {}, `¶ ${last.paragraph} · ${last.claim} · ${last.kind}`)));
    }
    if (next) this.sentence.append(h("button", { type: "button", class: "next", click: () => { this.hooks.step(Math.round(next.hours / this.study.step)); if (next.selection) this.hooks.select(next.selection); } }, `next: ${this.calendar.day(next.hours)}, ${next.text} ›`));
  }

  /** Events hang over the slider in rows; a later label goes lower, so that no stem crosses a text. */
  hang(): void {
    const width = this.events.clientWidth;
    this.events.replaceChildren();
    if (width < 300) return;
    const ruler = document.createElement("canvas").getContext("2d")!;
    ruler.font = '12px "Source Sans 3 Variable", system-ui, sans-serif';
    const ends: number[] = [], rows = 4;
    for (const event of this.list) {
      const x = (event.hours / this.study.horizon) * width;
      const wide = ruler.measureText(event.text + event.mark).width + 16;
      const left = x + wide > width;
      // A row is free where its last text ended; every row below it must be free of the stem as well.
      let at = rows;
      for (let k = rows - 1; k >= 0; k--) {
        if ((ends[k] ?? -1) > (left ? x - wide : x)) break;
        at = k;
      }
      if (at === rows) continue;
      ends[at] = left ? x : x + wide;
      this.events.append(h("button", { type: "button", class: left ? "event left" : "event", style: `left:${x}px;top:${at * 18}px;--stem:${(rows - at) * 18 - 2}px`,
        title: `${this.calendar.day(event.hours)}: ${event.text}`,
        click: () => { this.hooks.step(Math.round(event.hours / this.study.step)); if (event.selection) this.hooks.select(event.selection); } },
        h("span", {}, event.text, event.mark ? h("small", {}, event.mark) : null)));
    }
  }

  play(): void {
    if (this.timer) {
      clearInterval(this.timer);
      this.timer = 0;
    } else {
      if (this.current() >= this.study.steps) this.hooks.step(0);
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const perDay = Math.max(1, Math.round(24 / this.study.step));
      this.timer = window.setInterval(() => {
        this.hooks.step(this.current() + (calm ? perDay * this.pace : 1));
        if (this.current() >= this.study.steps) this.play();
      }, calm ? 1000 : 1000 / (perDay * this.pace));
    }
    this.playButton.textContent = this.timer ? "❚❚" : "▶";
    this.playButton.setAttribute("aria-label", this.timer ? "Stop" : "Play");
  }
}

const MOST_TICKS = 32, MOST_WEEKS = 8, LEAST_APART = 0.09; // labels of days at most, on a phone, and of months

/** Every day of a short war; of a long one the first of the month and days between, as many as find room. */
function ticksOf(days: number, calendar: Calendar): { day: number; text: string; week: boolean }[] {
  const every = [1, 2, 5, 10, 15, 31].find((d) => days / d <= MOST_TICKS) ?? 31;
  const all = Array.from({ length: days + 1 }, (_, day) => ({ day, at: calendar.moment(day * 24).getUTCDate() }));
  const kept = all.filter(({ day, at }) => (every < 5 ? day % every === 0 : (at - 1) % every === 0 && 31 - at >= every - 1));
  const week = every === 1 && days < 50 ? 7 : Math.ceil(kept.length / MOST_WEEKS);
  return kept.map(({ day, at }, k) => ({ day, text: String(at), week: k % week === 0 }));
}

/** The months, where each begins; the first is left out where the next follows at once. */
function monthsOf(days: number, calendar: Calendar): { day: number; text: string }[] {
  const firsts = Array.from({ length: days }, (_, day) => day).filter((day) => day && calendar.moment(day * 24).getUTCDate() === 1);
  const begun = (firsts[0] ?? days) / days > LEAST_APART ? [0, ...firsts] : firsts;
  return begun.map((day) => ({ day, text: calendar.month(day * 24) })).filter(({ day }) => day === 0 || day / days < 1 - LEAST_APART / 2);
}

const within = (c: Statement, study: Study) => c.hours[0] !== null && c.hours[0] > -48 && c.hours[0] <= study.horizon;

/** Claims that fall into the campaign, the calendar of the end, and the fall of the largest places in history. */
function eventsOf(study: Study): Event[] {
  const made: Event[] = [];
  study.statements.forEach((c, index) => {
    const text = c.operations.length === 1 ? study.operations[c.operations[0]] : c.operations.length ? "" : (c.places[0] ?? "");
    if (c.hours[0] !== null && c.kind === "fact" && text) made.push({ hours: c.hours[0], text, mark: c.claim, selection: { kind: "claim", index } });
  });
  for (const { hours, text } of study.moments) made.push({ hours, text, mark: "", selection: null });
  const rank = new Map(study.places.map((p, index) => [p.name, { rank: p.rank, index }]));
  const taken = study.rows.filter((r) => r.unit === "h" && r.measure === "control" && (rank.get(r.place)?.rank ?? 9) <= 1);
  for (const r of taken) made.push({ hours: r.observed, text: `${r.place} taken`, mark: "", selection: { kind: "place", index: rank.get(r.place)!.index } });
  return made.filter((e) => e.hours >= 0 && e.hours <= study.horizon).sort((a, b) => a.hours - b.hours);
}
