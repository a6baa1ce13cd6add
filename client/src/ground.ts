// The ground that does not change with the date: sea, land, relief, rivers, railways, borders. Painted once a view.
import type { Line, Study } from "./data";
import { rgb, type Theme } from "./theme";
import type { View } from "./view";

type Picture = HTMLCanvasElement;

const RIVERS: Record<string, number> = { "river-small": 0.5, "river-medium": 0.8, "river-large": 1.2, "river-great": 1.7 };

export function sheet(width: number, height: number): HTMLCanvasElement {
  const made = document.createElement("canvas");
  made.width = Math.max(1, Math.round(width));
  made.height = Math.max(1, Math.round(height));
  return made;
}

export function pen(canvas: HTMLCanvasElement, often = false): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: often });
  if (!context) throw new Error("this browser draws no canvas");
  return context;
}

async function pixels(source: string): Promise<ImageData | null> {
  if (!source) return null;
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = sheet(image.naturalWidth, image.naturalHeight);
  const context = pen(canvas, true);
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export class Ground {
  private relief: ImageData | null = null;
  private cover: ImageData | null = null;
  private shading: Picture | null = null;
  private colours: Picture | null = null;
  private painted: Theme | null = null;
  readonly land: Path2D;
  readonly heldRing: Path2D | null;
  readonly byKind = new Map<string, Line[]>();
  private readonly sea: boolean;

  constructor(private study: Study) {
    for (const line of study.lines) {
      const of = this.byKind.get(line.kind) ?? [];
      of.push(line);
      this.byKind.set(line.kind, of);
    }
    this.land = this.path(["coast"], true);
    this.sea = study.ground.labels.some((label) => label.includes("sea"));
    this.heldRing = this.byKind.has("held") ? this.path(["held"], true) : null;
  }

  async load(): Promise<void> {
    const { relief, cover } = this.study.ground.pictures;
    [this.relief, this.cover] = await Promise.all([pixels(relief), pixels(cover)]);
  }

  path(kinds: string[], closed = false): Path2D {
    const path = new Path2D();
    for (const kind of kinds)
      for (const { points } of this.byKind.get(kind) ?? []) {
        path.moveTo(points[0], points[1]);
        for (let k = 2; k < points.length; k += 2) path.lineTo(points[k], points[k + 1]);
        if (closed) path.closePath();
      }
    return path;
  }

  /** Light and shadow as one picture with transparency; colours of the cover, land spread a little over the sea. */
  private dress(theme: Theme): void {
    if (this.painted === theme) return;
    this.painted = theme;
    if (this.relief) this.shading = shadingOf(this.relief, theme);
    if (this.cover) this.colours = coloursOf(this.cover, this.study.ground.covers, theme);
  }

  /** Everything below the tint of control, in device pixels. */
  paint(context: CanvasRenderingContext2D, view: View, theme: Theme, ratio: number, zoom: number): void {
    this.dress(theme);
    const { width, height } = context.canvas;
    const s = view.scale * ratio;
    const place = () => context.setTransform(s, 0, 0, s, width / 2 - view.x * s, height / 2 - view.y * s);
    const px = 1 / view.scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.sea ? theme.sea : theme.paper; // beyond a map without a sea lies nothing
    context.fillRect(0, 0, width, height);
    place();
    context.lineJoin = context.lineCap = "round";
    if (!this.byKind.has("coast")) this.paintCells(context, theme);
    if (this.sea) this.halo(context, theme, px);
    context.save();
    context.clip(this.land);
    this.paintLand(context, theme);
    this.ribbon(context, theme, px);
    context.restore();
    this.lines(context, theme, px, zoom);
  }

  private halo(context: CanvasRenderingContext2D, theme: Theme, px: number): void {
    context.strokeStyle = theme.dark ? "rgba(120,150,170,.07)" : "rgba(255,255,255,.34)";
    for (const width of [26, 15, 7]) {
      context.lineWidth = width * px;
      context.stroke(this.land);
    }
  }

  private paintLand(context: CanvasRenderingContext2D, theme: Theme): void {
    const [west, north, east, south] = this.study.ground.box;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    if (this.colours) context.drawImage(this.colours, west, north, east - west, south - north);
    else {
      context.fillStyle = theme.cover.steppe;
      context.fillRect(west, north, east - west, south - north);
    }
    if (this.shading) context.drawImage(this.shading, west, north, east - west, south - north);
  }

  /** Where the campaign has no drawn map, its cells are the land. */
  private paintCells(context: CanvasRenderingContext2D, theme: Theme): void {
    const { values } = this.study.table.centres;
    const cover = this.study.table.cellcover.values;
    const n = values.length / 2;
    for (let k = 0; k < n; k++) {
      context.fillStyle = theme.cover[this.study.ground.cellcovers[cover[k]]] ?? theme.cover.steppe;
      context.beginPath();
      for (let corner = 0; corner < 6; corner++)
        context.lineTo(values[k] + 95 * Math.cos(corner * 1.047), values[n + k] + 95 * Math.sin(corner * 1.047));
      context.fill();
    }
  }

  /** Both sides' own ground is never tinted: a ribbon along the frontier says whose it is. */
  private ribbon(context: CanvasRenderingContext2D, theme: Theme, px: number): void {
    if (!this.heldRing) return;
    const frontier = this.path(["frontier"]);
    const [west, north, east, south] = this.study.ground.box;
    const outside = new Path2D();
    outside.rect(west, north, east - west, south - north);
    outside.addPath(this.heldRing);
    context.globalAlpha = 0.2;
    context.lineWidth = 15 * px;
    for (const [path, rule, colour] of [[this.heldRing, "nonzero", theme.defender], [outside, "evenodd", theme.attacker]] as const) {
      context.save();
      context.clip(path, rule);
      context.strokeStyle = colour;
      context.stroke(frontier);
      context.restore();
    }
    context.globalAlpha = 1;
  }

  private lines(context: CanvasRenderingContext2D, theme: Theme, px: number, zoom: number): void {
    const stroke = (path: Path2D, colour: string, width: number, dash: number[] = [], cap: CanvasLineCap = "round") => {
      context.strokeStyle = colour;
      context.lineWidth = width * px;
      context.lineCap = cap;
      context.setLineDash(dash.map((d) => d * px));
      context.stroke(path);
      context.setLineDash([]);
    };
    const thick = Math.min(1.5, Math.max(1, zoom ** 0.4));
    context.save();
    context.clip(this.byKind.has("coast") ? this.land : everywhere(this.study.ground.box));
    for (const [kind, width] of Object.entries(RIVERS)) stroke(this.path([kind]), theme.river, width * thick);
    context.restore();
    const lakes = this.path(["lake"], true);
    context.fillStyle = theme.lake;
    context.fill(lakes);
    stroke(lakes, theme.river, 0.7);
    if (this.sea) stroke(this.land, theme.coast, 0.8);
    if (zoom >= 1.9) {
      stroke(this.path(["track"]), theme.road, 0.7, [2, 2]);
      stroke(this.path(["road"]), theme.road, 0.9 * thick);
    }
    stroke(this.path(["border"]), theme.border, 1, [3.5, 2.4], "butt");
    stroke(this.path(["claim"]), theme.border, 0.7, [1, 2.4], "butt");
    stroke(this.path(["frontier"]), theme.border, 1.25, [7, 2.4, 1.4, 2.4], "butt");
    stroke(this.path(["broad"]), theme.rail, 1.7 * thick);
    const standard = this.path(["standard"]);
    stroke(standard, theme.rail, 1.5 * thick);
    stroke(standard, theme.railGap, 0.8 * thick, [3.4, 3.4], "butt");
    stroke(this.path(["narrow"]), theme.rail, 0.9, [1.5, 2], "butt");
  }
}

function everywhere([west, north, east, south]: number[]): Path2D {
  const path = new Path2D();
  path.rect(west, north, east - west, south - north);
  return path;
}

function shadingOf(relief: ImageData, theme: Theme): Picture {
  const made = sheet(relief.width, relief.height);
  const out = new ImageData(relief.width, relief.height);
  const parts = new Uint8ClampedArray(4 * 256); // what each of its values is painted with
  for (let value = 0; value < 256; value++) {
    const v = value - 128;
    parts.set(v > 0 ? theme.light : theme.shade, 4 * value);
    parts[4 * value + 3] = v > 0 ? v * 2 * theme.lightShare : -v * 2 * theme.shadeShare;
  }
  const inks = new Uint32Array(parts.buffer);
  const from = relief.data, to = new Uint32Array(out.data.buffer);
  for (let k = 0; k < to.length; k++) to[k] = inks[from[4 * k]];
  pen(made).putImageData(out, 0, 0);
  return made;
}

function coloursOf(cover: ImageData, names: string[], theme: Theme): Picture {
  const { width, height, data } = cover;
  const palette = new Uint32Array(names.map((name) => rgb(theme.cover[name] ?? theme.cover.steppe)).map(([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r));
  let kinds = Uint8Array.from({ length: width * height }, (_, k) => (data[4 * k] < names.length ? data[4 * k] : 0));
  for (let round = 0; round < 3; round++) kinds = spread(kinds, width, height);
  const made = sheet(width, height), out = new ImageData(width, height);
  const whole = new Uint32Array(out.data.buffer);
  for (let k = 0; k < kinds.length; k++) whole[k] = palette[kinds[k]];
  pen(made).putImageData(out, 0, 0);
  const soft = sheet(width * 2, height * 2), brush = pen(soft);
  brush.filter = "blur(1.6px)";
  brush.drawImage(made, 0, 0, width * 2, height * 2);
  return soft;
}

/** Sea squares beside land take its cover, so that smoothing mixes no sea into a coast. */
function spread(kinds: Uint8Array<ArrayBuffer>, width: number, height: number): Uint8Array<ArrayBuffer> {
  const made = kinds.slice();
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const k = y * width + x;
      if (!kinds[k]) made[k] = kinds[k - 1] || kinds[k + 1] || kinds[k - width] || kinds[k + width];
    }
  return made;
}
