// What is shown, all of it in the link: moment, view, run, names, theme, layers, selection, panel.
import type { View } from "./view";

export type Kind = "army" | "formation" | "place" | "works" | "target" | "claim";
export type Selection = { kind: Kind; index: number };
export type Layers = { control: boolean; history: boolean; units: boolean; works: boolean };
/** What the tint on the ground says: who holds it, whose supply reaches it, or what headquarters thinks lost. */
export type Shows = "control" | "supply" | "belief";
export type Page = "map" | "chronicle" | "comparison" | "belief" | "schools";
/** Pages that stand alone, without the map. */
export const alone = (page: Page): boolean => page !== "map" && page !== "chronicle";
export type State = {
  step: number; run: number; names: "then" | "now"; dark: boolean | null; layers: Layers; selection: Selection | null;
  page: Page; view: View | null; body: number; shows: Shows;
};

const KINDS: Record<Kind, string> = { army: "a", formation: "f", place: "p", works: "w", target: "t", claim: "c" };
const LAYERS = ["control", "history", "units", "works"] as const;

export const opening = (step: number): State => ({
  step, run: -1, names: "then", dark: null, layers: { control: true, history: true, units: true, works: true },
  selection: null, page: "map", view: null, body: -1, shows: "control",
});

/** The fragment of a link to this state. */
export function toHash(state: State): string {
  const parts = new URLSearchParams();
  parts.set("t", String(state.step));
  if (state.view) parts.set("v", [state.view.x.toFixed(0), state.view.y.toFixed(0), state.view.scale.toFixed(4)].join(","));
  if (state.shows !== "control") parts.set("ground", state.shows);
  if (state.run >= 0) parts.set("run", String(state.run));
  if (state.names === "now") parts.set("names", "now");
  if (state.dark !== null) parts.set("theme", state.dark ? "dark" : "light");
  const off = LAYERS.filter((layer) => !state.layers[layer]);
  if (off.length) parts.set("off", off.join(","));
  if (state.selection) parts.set("sel", KINDS[state.selection.kind] + state.selection.index);
  if (state.page !== "map") parts.set("page", state.page);
  if (state.body >= 0) parts.set("body", String(state.body));
  return parts.toString().replaceAll("%2C", ",");
}

export type Limits = { steps: number; runs: number; bodies: number; counts: Record<Kind, number>; pages: Page[]; shows: Shows[] };

/** The state a link asks for; what it asks amiss is left as it is by default. */
export function fromHash(hash: string, limits: Limits): State {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (key: string, least: number, most: number, other: number) => {
    const value = Number(parts.get(key) ?? NaN);
    return Number.isInteger(value) && value >= least && value <= most ? value : other;
  };
  const state = opening(number("t", 0, limits.steps, Math.round(limits.steps / 5)));
  state.run = number("run", 0, limits.runs - 1, -1);
  state.body = number("body", 0, limits.bodies - 1, -1);
  const shows = parts.get("ground") as Shows;
  if (limits.shows.includes(shows) && state.run < 0) state.shows = shows;
  if (parts.get("names") === "now") state.names = "now";
  if (parts.has("theme")) state.dark = parts.get("theme") === "dark";
  for (const layer of (parts.get("off") ?? "").split(",")) if (layer in state.layers) state.layers[layer as keyof Layers] = false;
  const page = parts.get("page");
  if (page && limits.pages.includes(page as Page)) state.page = page as Page;
  const view = (parts.get("v") ?? "").split(",").map(Number);
  if (view.length === 3 && view.every(Number.isFinite) && view[2] > 0) state.view = { x: view[0], y: view[1], scale: view[2] };
  const [letter, index] = [parts.get("sel")?.[0], Number(parts.get("sel")?.slice(1) || NaN)];
  const kind = (Object.keys(KINDS) as Kind[]).find((k) => KINDS[k] === letter);
  if (kind && Number.isInteger(index) && index >= 0 && index < limits.counts[kind]) state.selection = { kind, index };
  return state;
}
