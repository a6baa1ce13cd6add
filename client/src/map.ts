// The map: the painted ground with its tint below, and above it what moves: front, symbols, names, history's rings.
import { NEVER, Tint, timesOf, washOf, type CellGrid, type Times, type Wash } from "./control";
import type { FrontCache } from "./front";
import { Cloud, cornersOf, Display, Dotted, Drawn, folded, Laid, type Corners, type Shape } from "./display";
import { Etchings, type Etching, type Pen } from "./etched";
import { pen, type Ground } from "./ground";
import { row, type Line, type Place, type Row, type Study } from "./data";
import { around, FAR, offsets, Room, SHIFTS, STAYS, type Box } from "./layout";
import { Sprites, type Curved, type Sprite, type Style } from "./sprites";
import type { Selection, State } from "./state";
import { SERIF, type Theme } from "./theme";
import { outline, type Unit, type Units } from "./units";
import { toScreen, type View } from "./view";

export type Hit = { selection: Selection; name: string };
type Placed = { unit: Unit; box: Box; x: number; y: number; sprite: UnitSprite | null };
type UnitSprite = Sprite & { ax: number; ay: number };
type Spot = { place: Place; index: number; row: Row | null; x: number; y: number };
type Fixed = { sprite: Sprite; box: Box };

const MOST_MOVED = 48;
const OPENING_KM = 0.0390625; // pixels per tenth of a km at 2.56 km a pixel

export type Shared = { study: Study; ground: Ground; grid: CellGrid; fronts: FrontCache; units: Units; history: Map<string, Row> };

export class MapPane {
  readonly base = document.createElement("canvas");
  readonly over = document.createElement("canvas");
  width = 0;
  height = 0;
  ratio = 1;
  view: View = { x: 0, y: 0, scale: OPENING_KM };
  theme!: Theme;
  state!: State;
  private times!: Times;
  private tint: Tint;
  private sprites!: Sprites;
  private spots: Spot[] = [];
  private names: Fixed[] = [];
  private placed: Placed[] = [];
  private before = new Map<string, [number, number]>();
  private floats: Box[] = [];
  private curves: { name: Curved; shifts: [number, number][] }[] = [];
  private riversNamed: Curved[][] = [];
  private wash!: Wash;
  private display: Display;
  private etchings = new Etchings();
  private cells: number[] = []; // of a small map, those it shows
  private drawnOf = ""; // of a small map, what its last picture rests on

  constructor(readonly box: HTMLElement, private shared: Shared, private small = false) {
    this.base.className = "base";
    this.over.className = "over";
    box.prepend(this.base, this.over);
    this.tint = new Tint(shared.study, shared.grid, shared.ground);
    this.display = new Display(this.over);
    // What stands where, for whoever wants to see that nothing overlaps.
    Object.assign(this.over, { boxes: () => ({ names: this.names.map((n) => n.box), units: this.placed.map((p) => p.box) }) });
  }

  get zoom(): number {
    return this.view.scale / OPENING_KM;
  }

  resize(finest = 1): void {
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    this.ratio = Math.max(finest, Math.min(window.devicePixelRatio || 1, 2));
    for (const canvas of [this.base, this.over]) {
      canvas.width = Math.max(1, Math.round(this.width * this.ratio));
      canvas.height = Math.max(1, Math.round(this.height * this.ratio));
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
    }
  }

  screen(x: number, y: number): [number, number] {
    return toScreen(this.view, this.width, this.height, x, y);
  }

  /** Everything that hangs on the view, the theme, the names or the run; the slider needs none of it. */
  rebuild(): void {
    const { study, ground } = this.shared, base = pen(this.base, true);
    this.times = timesOf(study, this.state.run);
    this.sprites = new Sprites(this.theme, this.ratio);
    ground.paint(base, this.view, this.theme, this.ratio, this.zoom);
    this.combs(base);
    this.wash = washOf(study, this.state.shows, this.state.run);
    this.tint.prepare(base, this.view, this.ratio, this.theme, this.wash, this.zoom > 4);
    if (this.small) this.cells = this.inView();
    this.drawnOf = "";
    this.display.forget();
    this.etchings.anew(this.base.width, this.base.height, (unit) => this.lines(unit));
    this.before.clear();
    this.measure();
    this.spots = this.visibleSpots();
    this.curves = this.curvedNames();
    this.riversNamed = this.riverNames();
    this.draw();
    if (this.zoom <= 4 && !this.small && this.state.layers.control) this.etchings.ahead([...new Set(Array.from({ length: study.steps + 1 }, (_, step) => this.unitOf(step)))]);
  }

  /** One moment: the tint where it changed, and the whole of the upper layer. */
  draw(): void {
    const hours = this.state.step * this.shared.study.step;
    const unit = this.unitOf(this.state.step);
    const day = Math.min(Math.floor(hours / 24) + 1, this.shared.study.days, NEVER - 1);
    if (this.small && !this.changed(unit, day, hours)) return;
    this.tint.show(pen(this.base, true), !this.state.layers.control ? -1 : this.state.shows === "supply" ? day : unit, this.front(unit));
    this.display.show(pen(this.over, true), this.shapes(hours), this.ratio);
  }

  /** All that stands above the ground, the lowest first. */
  private shapes(hours: number): Shape[] {
    const room = new Room(this.width, this.height), named: Shape[] = [];
    for (const box of this.floats) room.take(box);
    for (const spot of this.spots) room.take([spot.x - 5, spot.y - 5, 10, 10]);
    this.names = this.placeNames(room, 0, 1);
    this.placed = this.state.layers.units ? this.placeUnits(room) : [];
    const lay = (name: Curved, shift: [number, number] | null): boolean => {
      if (shift) named.push(new Laid(name, [name.x + shift[0], name.y + shift[1], name.width, name.height]));
      return shift !== null;
    };
    for (const { name, shifts } of this.curves) lay(name, room.group(name.boxes, shifts));
    for (const stretches of this.riversNamed) stretches.some((name) => lay(name, room.group(name.boxes, STAYS)));
    this.names.push(...this.placeNames(room, 2, 9));
    const places = this.names.map(({ sprite, box }) => new Laid(sprite, [box[0] - 3, box[1] - 3, sprite.width, sprite.height]));
    return [...this.chosenBelow(), ...named, ...this.dots(hours), ...places, ...this.drawnUnits()];
  }

  private inView(): number[] {
    const { grid } = this.shared, seen = (cell: number) => { const [x, y] = this.screen(grid.x[cell], grid.y[cell]); return x > -40 && y > -40 && x < this.width + 40 && y < this.height + 40; };
    return Array.from({ length: grid.n }, (_, cell) => cell).filter(seen);
  }

  /** Whether anything in sight differs from the last picture: on a small map of far islands most steps change nothing. */
  private changed(unit: number, day: number, hours: number): boolean {
    const { units } = this.shared, { step, run, shows } = this.state, at = shows === "supply" ? day : unit;
    const grown = [...this.wash.gained, ...this.wash.lost].map((times) => this.cells.reduce((sum, cell) => sum + +(times[cell] <= at), 0));
    const fronts = this.levels().map((times) => this.cells.reduce((sum, cell) => sum + +(times[cell] <= unit), 0));
    const stands = units.shown(step, run, 1).filter(({ x, y }) => { const [px, py] = this.screen(x, y); return px > -12 && py > -12 && px < this.width + 12 && py < this.height + 12; })
      .map((u) => [u.kind, u.index, u.x, u.y, units.faded(u, step), shows === "belief" && units.unknown(u, step)]);
    const now = JSON.stringify([grown, fronts, stands, this.spots.filter(({ row }) => row && row.observed <= hours).length]);
    if (now === this.drawnOf) return false;
    this.drawnOf = now;
    return true;
  }

  /** What floats over the map, buttons and legend and inset: no name or symbol is set under it. Says whether that has changed. */
  measure(): boolean {
    const own = this.box.getBoundingClientRect(), before = JSON.stringify(this.floats);
    this.floats = [...this.box.querySelectorAll("[data-floats]")].flatMap((element): Box[] => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return width ? [[left - own.left - 2, top - own.top - 2, width + 4, height + 4]] : [];
    });
    return JSON.stringify(this.floats) !== before;
  }

  private unitOf(step: number): number {
    const { study } = this.shared;
    return step === 0 ? 0 : Math.min(Math.floor((step * study.step) / study.unit), NEVER - 1);
  }

  /** Fortified works: a comb with its teeth to the attacker. */
  private combs(c: CanvasRenderingContext2D): void {
    if (!this.state.layers.works) return;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.lineWidth = 1.4;
    c.lineCap = "butt";
    const half = this.small ? 4 : 6.5;
    for (const works of this.shared.study.works) {
      const [x, y] = this.screen(works.x, works.y);
      c.save();
      c.translate(x, y);
      c.rotate((works.facing * Math.PI) / 180 + Math.PI / 2);
      c.beginPath();
      c.moveTo(-half, 0);
      c.lineTo(half, 0);
      for (const at of [-half + 0.7, 0, half - 0.7]) {
        c.moveTo(at, 0);
        c.lineTo(at, -4.6);
      }
      c.strokeStyle = this.theme.halo;
      c.lineWidth = 3.6;
      c.stroke();
      c.strokeStyle = this.theme.defender;
      c.lineWidth = 1.5;
      c.stroke();
      c.restore();
    }
  }

  /** Of control three lines; beside supply the middle one; and with belief the true front and the believed one. */
  private levels(): Uint8Array[] {
    const { shows, run } = this.state, { times } = this;
    if (shows === "belief") return [times[1], row(this.shared.study.table.believed, 1) as Uint8Array];
    return shows === "supply" || run >= 0 ? [times[1]] : times;
  }

  private frontName(): string {
    return `${this.state.shows}${this.state.run}`;
  }

  private lines(unit: number): Pen[] {
    const { theme, ratio } = this, levels = this.levels();
    const main = { width: 1.9, colour: theme.line }, fine = { width: 0.7, colour: theme.faintLine };
    const pens = this.state.shows === "belief" ? [main, { width: 1.9, colour: theme.defender }] : levels.length === 1 ? [main] : [fine, main, fine];
    return this.shared.fronts.get(levels, unit, this.frontName()).map((lines, k) => {
      const seen = lines.filter((line) => !this.outside(line)).map((line) => this.trace(line));
      return { lines: seen, width: pens[k].width * ratio, colour: pens[k].colour };
    });
  }

  private front(unit: number): Etching | null {
    return this.state.layers.control && this.zoom <= 4 ? this.etchings.get(unit) : null;
  }

  private outside(line: Float32Array): boolean {
    const [left, top, right, foot] = cornersOf(line, 0), [x, y] = this.screen(left, top), [far, low] = this.screen(right, foot);
    return far < -2 || low < -2 || x > this.width + 2 || y > this.height + 2;
  }

  /** A line in device pixels, points nearer than two pixels of the screen left out. */
  private trace(line: Float32Array): Float32Array {
    const s = this.view.scale * this.ratio, dx = this.base.width / 2 - this.view.x * s, dy = this.base.height / 2 - this.view.y * s;
    const made = new Float32Array(line.length), near = 2.5 * this.ratio;
    let [px, py] = [line[0] * s + dx, line[1] * s + dy], n = 2;
    made.set([px, py]);
    for (let k = 2; k < line.length; k += 2) {
      const x = line[k] * s + dx, y = line[k + 1] * s + dy;
      if (k < line.length - 2 && Math.abs(x - px) + Math.abs(y - py) < near) continue;
      made[n++] = px = x;
      made[n++] = py = y;
    }
    return made.slice(0, n);
  }

  private visibleSpots(): Spot[] {
    const { study, history } = this.shared, made: Spot[] = [];
    const rank = this.small ? 9 : this.zoom < 0.75 ? 0 : this.zoom < 1.9 ? 1 : this.zoom < 3.6 ? 3 : 9;
    study.places.forEach((place, index) => {
      const row = history.get(place.name) ?? null;
      const chosen = this.state.selection?.kind === "place" && this.state.selection.index === index;
      if (!chosen && (!row || (rank === 0 && place.rank > 2)) && place.rank > rank) return;
      const [x, y] = this.screen(place.x, place.y);
      if (x > -30 && y > -30 && x < this.width + 30 && y < this.height + 30) made.push({ place, index, row, x, y });
    });
    return made.sort((a, b) => weight(a) - weight(b));
  }

  private dots(hours: number): Shape[] {
    const { layers, selection } = this.state, { theme } = this;
    return this.spots.map(({ row, x, y, index }) => {
      const chosen = selection?.kind === "place" && selection.index === index, taken = row !== null && layers.history && row.observed <= hours;
      const reach = chosen ? 8.5 : 4.5;
      return new Drawn([x - reach, y - reach, x + reach, y + reach], folded(x, y, +taken, +chosen), (c) => {
        c.beginPath();
        c.arc(x, y, row ? 3.5 : 2.4, 0, 7);
        c.fillStyle = taken ? theme.history : theme.ring;
        c.strokeStyle = row && layers.history ? theme.history : theme.second;
        c.lineWidth = row ? 1.7 : 1;
        c.fill();
        c.stroke();
        if (!chosen) return;
        c.beginPath();
        c.arc(x, y, 7.5, 0, 7);
        c.strokeStyle = theme.ink;
        c.lineWidth = 2;
        c.stroke();
      });
    });
  }

  private nameStyle(rank: number): Style {
    const size = rank === 0 ? 12.5 : rank === 1 ? 11.5 : rank === 2 ? 10.8 : 10.4;
    return { size, weight: rank <= 1 ? 600 : 450, colour: this.theme.ink };
  }

  private placeNames(room: Room, from: number, to: number): Fixed[] {
    const made: Fixed[] = [];
    for (const { place, x, y } of this.spots) {
      const rank = Math.min(place.rank, 4);
      if (rank < from || rank > to) continue;
      const text = this.state.names === "now" ? place.now : place.then, style = this.nameStyle(rank);
      const sprite = this.sprites.text(text, style);
      const box = room.first(around(x, y, sprite.width - 6, style.size + 2));
      if (box) made.push({ sprite, box });
    }
    return made;
  }

  private tall(unit: Unit): number {
    const { study } = this.shared, step = this.zoom < 1.9 ? 1 : this.zoom < 3.6 ? 1.25 : 1.5;
    const size = unit.kind === "army" ? study.armies[unit.index].size : study.formations[unit.index].size;
    return step * (size === "XXXX" ? 15 : size === "XXX" ? 13 : size === "XX" ? 11.5 : 10);
  }

  private spriteOf(unit: Unit): UnitSprite {
    const { study } = this.shared, { selection, step } = this.state;
    const of = unit.kind === "army" ? study.armies[unit.index] : study.formations[unit.index];
    const chosen = selection?.kind === unit.kind && selection.index === unit.index;
    return this.sprites.symbol(of.icon, of.side === study.side, of.size, of.short, this.tall(unit), chosen, this.shared.units.faded(unit, step) || (this.state.shows === "belief" && this.shared.units.unknown(unit, step)));
  }

  private placeUnits(room: Room): Placed[] {
    const made: Placed[] = [];
    let moved = 0;
    const units = this.shared.units.shown(this.state.step, this.state.run, this.small ? 1 : this.zoom);
    const chosen = this.state.selection;
    units.sort((a, b) => +(chosen?.kind === b.kind && chosen.index === b.index) - +(chosen?.kind === a.kind && chosen.index === a.index));
    for (const unit of units) {
      const [x, y] = this.screen(unit.x, unit.y);
      const edge = this.small ? -12 : 10;
      if (x < -edge || y < -edge || x > this.width + edge || y > this.height + edge) continue;
      const sprite = this.spriteOf(unit), key = `${unit.kind}${unit.index}`;
      const box = moved < MOST_MOVED ? this.roomFor(room, sprite, x, y, this.before.get(key)) : null;
      if (box) {
        const away: [number, number] = [box[0] + sprite.ax - x, box[1] + sprite.ay - y];
        if (away[0] || away[1]) moved++;
        this.before.set(key, away);
        made.push({ unit, box, x, y, sprite });
      } else made.push({ unit, box: [x - 4, y - 2.5, 8, 5], x, y, sprite: null });
    }
    return made;
  }

  private roomFor(room: Room, sprite: UnitSprite, x: number, y: number, before?: [number, number]): Box | null {
    for (const [dx, dy] of offsets(before)) {
      const box: Box = [x + dx - sprite.ax + 2, y + dy - sprite.ay, sprite.width - 4, sprite.height - 1];
      if (!room.free(box, 1)) continue;
      room.take(box);
      return [x + dx - sprite.ax, y + dy - sprite.ay, sprite.width, sprite.height];
    }
    return null;
  }

  private drawnUnits(): Shape[] {
    const below: Shape[] = [], symbols: Shape[] = [];
    for (const { unit, box, x, y, sprite } of this.placed) {
      if (!sprite) {
        below.push(this.pip(unit, box));
        continue;
      }
      const ax = box[0] + sprite.ax, ay = box[1] + sprite.ay;
      if (Math.hypot(ax - x, ay - y) > 7) below.push(this.leader(x, y, ax, ay));
      symbols.push(new Laid(sprite, box));
    }
    return [...below, ...symbols];
  }

  /** A formation that found no room for its symbol. */
  private pip(unit: Unit, box: Box): Shape {
    const { study } = this.shared, of = unit.kind === "army" ? study.armies[unit.index] : study.formations[unit.index], own = of.side === study.side;
    const [x, y] = box;
    return new Drawn([x - 1, y - 1, x + 9, y + 6], folded(x, y, +own, 3), (c) => {
      c.fillStyle = this.theme.ring;
      c.fillRect(x - 1, y - 1, 10, 7);
      c.fillStyle = own ? this.theme.attacker : this.theme.defender;
      c.fillRect(...box);
    });
  }

  private leader(x: number, y: number, ax: number, ay: number): Shape {
    const edge = 1.4, box: Corners = [Math.min(x, ax) - edge, Math.min(y, ay) - edge, Math.max(x, ax) + edge, Math.max(y, ay) + edge];
    return new Drawn(box, folded(x, y, ax, ay), (c) => {
      c.strokeStyle = this.theme.second;
      c.lineWidth = 0.8;
      c.lineCap = "butt";
      c.beginPath();
      c.moveTo(x, y);
      c.lineTo(ax, ay);
      c.stroke();
      c.beginPath();
      c.arc(x, y, 1.4, 0, 7);
      c.fillStyle = this.theme.second;
      c.fill();
    });
  }

  /** The chosen formation: its track so far, a dot a run, and the outline of four fifths of them. */
  private chosenBelow(): Shape[] {
    const chosen = this.state.selection;
    if (this.small || (chosen?.kind !== "army" && chosen?.kind !== "formation")) return [];
    const points = this.shared.units.cloud(chosen.kind, chosen.index, this.state.step);
    return [...this.track(chosen.kind, chosen.index), this.cloud(points, chosen.kind === "formation"), ...this.ring(outline(points))];
  }

  private track(kind: Unit["kind"], index: number): Shape[] {
    const { units } = this.shared, { run, step } = this.state, points: number[] = [];
    let last = { x: NaN, y: NaN };
    for (let k = 0; k <= step; k++) {
      const unit = kind === "army" ? units.army(index, k, run) : units.formation(index, k, run);
      if (!unit || (unit.x === last.x && unit.y === last.y)) continue;
      points.push(...this.screen(unit.x, unit.y));
      last = unit;
    }
    if (!points.length) return [];
    return [new Dotted(Float32Array.from(points), 2, 4, this.theme.ink)];
  }

  private cloud(points: [number, number][], scattered: boolean): Shape {
    const spread = this.view.scale * 60;
    const at = Float32Array.from(points.flatMap((p, k) => {
      const [x, y] = this.screen(...p), turn = k * 2.4, far = scattered ? spread * Math.sqrt((k % 17) / 17) : 0;
      return [x + far * Math.cos(turn), y + far * Math.sin(turn)];
    }));
    return new Cloud(at, 1.1, this.theme.ink);
  }

  private ring(ring: [number, number][]): Shape[] {
    if (ring.length < 3) return [];
    const points = ring.map((p) => this.screen(...p)), box = cornersOf(Float32Array.from(points.flat()), 1.5);
    return [new Drawn(box, folded(...points.flat()), (c) => {
      c.lineJoin = "round";
      smoothRing(c, points);
      c.strokeStyle = this.theme.dark ? "rgba(0,0,0,.5)" : "rgba(255,255,255,.75)";
      c.lineWidth = 3;
      c.stroke();
      c.strokeStyle = this.theme.ink;
      c.lineWidth = 1.2;
      c.stroke();
    })];
  }

  private curvedNames(): { name: Curved; shifts: [number, number][] }[] {
    const { theme } = this, grown = Math.min(1.5, Math.max(0.82, this.zoom ** 0.35));
    return this.shared.study.ground.labels.flatMap(([kind, then, now, size, course]) => {
      const region = kind === "region", name = this.state.names === "now" ? now : then;
      if (this.small && region) return [];
      const points: [number, number][] = [];
      for (let k = 0; k < course.length; k += 2) points.push(this.screen(course[k], course[k + 1]));
      if (points.every(([x, y]) => x < -80 || y < -80 || x > this.width + 80 || y > this.height + 80)) return [];
      const px = (region ? size * 0.92 : size) * grown;
      const colour = kind === "sea" ? theme.water : region ? theme.region : theme.range;
      const style: Style = { size: px, weight: region ? 600 : 450, colour, family: region ? undefined : SERIF, italic: !region, spacing: px * (region ? 0.3 : 0.16), halo: kind === "sea" ? 0 : 2.4 };
      const made = this.sprites.curved(region ? name.toUpperCase() : name, style, points);
      return made ? { name: made, shifts: kind === "sea" && size > 16 ? FAR : SHIFTS } : [];
    });
  }

  /** For each named river a few of the straightest stretches long enough for its name. */
  private riverNames(): Curved[][] {
    if (this.small) return [];
    const longest = new Map<string, Line>();
    for (const line of this.shared.study.lines)
      if (line.name && line.points.length > (longest.get(line.name)?.points.length ?? 0)) longest.set(line.name, line);
    const style: Style = { size: 10.5, weight: 450, colour: this.theme.water, family: SERIF, italic: true, spacing: 1, halo: 2 };
    const made: Curved[][] = [];
    for (const [name, line] of longest) {
      const points: [number, number][] = [];
      for (let k = 0; k < line.points.length; k += 2) points.push(this.screen(line.points[k], line.points[k + 1]));
      const need = this.sprites.width(name, style) + 16;
      const stretches = straightest(points, need).slice(0, 3);
      made.push(stretches.flatMap((stretch) => this.sprites.curved(name, style, stretch) ?? []));
    }
    return made;
  }

  /** What lies under the pointer: a symbol, else a place, else works. */
  hit(px: number, py: number): Hit | null {
    const { study } = this.shared;
    for (const { unit, box } of [...this.placed].reverse())
      if (px >= box[0] - 2 && py >= box[1] - 2 && px <= box[0] + box[2] + 2 && py <= box[1] + box[3] + 2) {
        const of = unit.kind === "army" ? study.armies[unit.index] : study.formations[unit.index];
        return { selection: { kind: unit.kind, index: unit.index }, name: of.name };
      }
    const near = this.spots.map((s) => ({ s, d: Math.hypot(s.x - px, s.y - py) })).filter(({ d }) => d < 13).sort((a, b) => a.d - b.d)[0];
    if (near) return { selection: { kind: "place", index: near.s.index }, name: this.said(near.s.place) };
    const fort = study.works.findIndex((w) => Math.hypot(...sub(this.screen(w.x, w.y), [px, py])) < 9);
    return fort >= 0 ? { selection: { kind: "works", index: fort }, name: study.works[fort].name } : null;
  }

  private said(place: Place): string {
    return place.then === place.now ? place.then : `${place.then}, now ${place.now}`;
  }
}

const sub = (a: [number, number], b: [number, number]): [number, number] => [a[0] - b[0], a[1] - b[1]];
const weight = ({ place, row }: Spot) => Math.min(place.rank, 4) * 2 - (row ? 1 : 0);

function smoothRing(c: CanvasRenderingContext2D, ring: [number, number][]): void {
  const middle = (a: [number, number], b: [number, number]): [number, number] => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  c.beginPath();
  c.moveTo(...middle(ring[ring.length - 1], ring[0]));
  ring.forEach((p, k) => c.quadraticCurveTo(...p, ...middle(p, ring[(k + 1) % ring.length])));
  c.closePath();
}

/** Stretches of a line of a length, smoothed, the straightest first, each read from left to right. */
export function straightest(points: [number, number][], need: number): [number, number][][] {
  const found: { bend: number; stretch: [number, number][] }[] = [];
  const lengths = points.slice(1).map((p, k) => Math.hypot(p[0] - points[k][0], p[1] - points[k][1]));
  for (let from = 0; from < lengths.length; from += 2) {
    let to = from, length = 0;
    while (to < lengths.length && length < need) length += lengths[to++];
    if (length < need) break;
    const a = points[from], b = points[to], straight = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (length > straight * 1.5) continue;
    const stretch = [a, thirdOf(points, from, to, 1), thirdOf(points, from, to, 2), b] as [number, number][];
    found.push({ bend: length / straight, stretch: b[0] < a[0] ? stretch.reverse() : stretch });
  }
  return found.sort((a, b) => a.bend - b.bend).map(({ stretch }) => stretch.map(([x, y]) => [x, y - 5] as [number, number]));
}

function thirdOf(points: [number, number][], from: number, to: number, third: number): [number, number] {
  const at = Math.round(from + ((to - from) * third) / 3), low = Math.max(from, at - 2), high = Math.min(to, at + 2);
  const part = points.slice(low, high + 1);
  return [part.reduce((s, p) => s + p[0], 0) / part.length, part.reduce((s, p) => s + p[1], 0) / part.length];
}

/** A scale bar's length in km and pixels, near 100 pixels. */
export function scaleBar(scale: number, perkm: number): { km: number; px: number } {
  const wanted = 110 / scale / perkm;
  const km = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000].filter((d) => d <= wanted).pop() ?? 1;
  return { km, px: km * perkm * scale };
}

