// Texts and symbols drawn once and kept as small pictures; a step of the slider only lays them down again.
import { pen, sheet } from "./ground";
import type { Box } from "./layout";
import symbols from "./symbols.json";
import { SANS, type Theme } from "./theme";

export type Curved = Sprite & { x: number; y: number; boxes: Box[] };
export type Sprite = { id: number; canvas: HTMLCanvasElement; width: number; height: number };
export type Style = { size: number; weight: number; colour: string; family?: string; italic?: boolean; halo?: number; spacing?: number };
type Shape = { d: string; stroke: boolean; fill: boolean };

const FRAME: [number, number, number, number] = [25, 50, 150, 100]; // milsymbol's frame of a friendly land unit
const shapes: Record<string, { path: Path2D; shape: Shape }[]> = {};
for (const [name, list] of Object.entries(symbols as Record<string, Shape[]>))
  shapes[name] = list.map((shape) => ({ path: new Path2D(shape.d), shape }));

export class Sprites {
  private made = 0;
  private kept = new Map<string, Sprite>();
  private ruler = pen(sheet(4, 4));
  constructor(readonly theme: Theme, readonly ratio: number) {}

  font({ size, weight, family, italic }: Style): string {
    return `${italic ? "italic " : ""}${weight} ${size}px ${family ?? SANS}`;
  }

  width(text: string, style: Style): number {
    this.ruler.font = this.font(style);
    return this.ruler.measureText(text).width + (style.spacing ?? 0) * text.length;
  }

  /** One line of text with its halo; the picture reaches `pad` pixels beyond the letters on every side. */
  text(text: string, style: Style): Sprite {
    const key = `${text}|${this.font(style)}|${style.colour}|${style.halo ?? 3}`;
    const known = this.kept.get(key);
    if (known) return known;
    const width = this.width(text, style) + 6, height = style.size * 1.35 + 4;
    const { canvas, context } = this.blank(width, height);
    context.font = this.font(style);
    context.textBaseline = "alphabetic";
    context.lineJoin = "round";
    this.stroke(context, text, 3, 2 + style.size * 1.02, style);
    return this.keep(key, { id: ++this.made, canvas, width, height });
  }

  private stroke(context: CanvasRenderingContext2D, text: string, x: number, y: number, style: Style): void {
    context.strokeStyle = this.theme.halo;
    context.lineWidth = style.halo ?? 3;
    if (context.lineWidth) context.strokeText(text, x, y);
    context.fillStyle = style.colour;
    context.fillText(text, x, y);
  }

  /** Letters set one by one along a curve of screen points; the picture covers the whole curve, `boxes` the letters. */
  curved(text: string, style: Style, points: [number, number][]): Curved | null {
    const glyphs = glyphsAlong(text, points, (c) => this.width(c, { ...style, spacing: 0 }), style.spacing ?? 0);
    if (!glyphs) return null;
    const pad = style.size;
    const xs = glyphs.map((g) => g.x), ys = glyphs.map((g) => g.y);
    const x = Math.min(...xs) - pad, y = Math.min(...ys) - pad;
    const width = Math.max(...xs) - x + pad, height = Math.max(...ys) - y + pad;
    const { canvas, context } = this.blank(width, height);
    context.font = this.font(style);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const pass of [0, 1])
      for (const glyph of glyphs) {
        context.save();
        context.translate(glyph.x - x, glyph.y - y);
        context.rotate(glyph.turn);
        if (pass) {
          context.fillStyle = style.colour;
          context.fillText(glyph.letter, 0, 0);
        } else if (style.halo !== 0) {
          context.strokeStyle = this.theme.halo;
          context.lineWidth = style.halo ?? 3;
          context.strokeText(glyph.letter, 0, 0);
        }
        context.restore();
      }
    const half = style.size * 0.52;
    const boxes = glyphs.filter((g) => g.letter !== " ").map((g): Box => [g.x - half, g.y - half, 2 * half, 2 * half]);
    return { id: ++this.made, canvas, width, height, x, y, boxes };
  }

  /** A symbol with its echelon above and its short name below; (ax, ay) of the frame's middle is returned as well. */
  symbol(icon: string, attacker: boolean, size: string, name: string, tall: number, chosen: boolean, faded: boolean): Sprite & { ax: number; ay: number } {
    const key = `${icon}|${attacker}|${size}|${name}|${tall}|${chosen}|${faded}`;
    const known = this.kept.get(key) as (Sprite & { ax: number; ay: number }) | undefined;
    if (known) return known;
    const { theme } = this;
    const style: Style = { size: 10.5, weight: 650, colour: attacker ? theme.attackerText : theme.defenderText };
    const mark: Style = { size: Math.max(6.6, tall * 0.46), weight: 800, colour: style.colour, halo: 2 };
    const wide = tall * 1.5, label = name ? this.width(name, style) : 0;
    const width = Math.max(wide, label, this.width(size, mark)) + 8, top = size ? mark.size + 2 : 3;
    const height = top + tall + (name ? 14 : 3);
    const { canvas, context } = this.blank(width, height);
    if (faded) context.globalAlpha = 0.45;
    const ax = width / 2, ay = top + tall / 2;
    context.font = this.font(mark);
    context.textAlign = "center";
    context.lineJoin = "round";
    if (size) this.stroke(context, size, ax, top - 1.5, mark);
    if (name) {
      context.font = this.font(style);
      this.stroke(context, name, ax, top + tall + 10.5, style);
    }
    this.frame(context, icon, attacker, ax, ay, tall, chosen);
    return this.keep(key, { id: ++this.made, canvas, width, height, ax, ay });
  }

  private frame(context: CanvasRenderingContext2D, icon: string, attacker: boolean, ax: number, ay: number, tall: number, chosen: boolean): void {
    const { theme } = this, scale = tall / FRAME[3];
    context.save();
    context.translate(ax - (FRAME[0] + FRAME[2] / 2) * scale, ay - (FRAME[1] + FRAME[3] / 2) * scale);
    context.scale(scale, scale);
    if (chosen) {
      context.fillStyle = theme.ink;
      context.fillRect(FRAME[0] - 2.6 / scale, FRAME[1] - 2.6 / scale, FRAME[2] + 5.2 / scale, FRAME[3] + 5.2 / scale);
    }
    context.fillStyle = theme.ring;
    context.fillRect(FRAME[0] - 1.1 / scale, FRAME[1] - 1.1 / scale, FRAME[2] + 2.2 / scale, FRAME[3] + 2.2 / scale);
    context.fillStyle = attacker ? theme.attacker : theme.defender;
    context.fillRect(...FRAME);
    context.beginPath();
    context.rect(...FRAME);
    context.clip();
    context.strokeStyle = context.fillStyle = theme.icon;
    context.lineWidth = 1.05 / scale;
    for (const { path, shape } of shapes[icon] ?? shapes.infantry) {
      if (shape.fill) context.fill(path);
      if (shape.stroke) context.stroke(path);
    }
    context.restore();
  }

  private blank(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
    const canvas = sheet(Math.ceil(width * this.ratio), Math.ceil(height * this.ratio)), context = pen(canvas);
    context.scale(this.ratio, this.ratio);
    return { canvas, context };
  }

  private keep<S extends Sprite>(key: string, sprite: S): S {
    if (this.kept.size > 3000) this.kept.clear();
    this.kept.set(key, sprite);
    return sprite;
  }
}

/** Where each letter stands on a curve, set about its middle; null where the curve is too short. */
export function glyphsAlong(
  text: string, points: [number, number][], width: (letter: string) => number, spacing: number,
): { letter: string; x: number; y: number; turn: number }[] | null {
  const letters = [...text], widths = letters.map((c) => width(c) + spacing);
  const total = widths.reduce((a, b) => a + b, 0);
  const lengths = points.slice(1).map((p, k) => Math.hypot(p[0] - points[k][0], p[1] - points[k][1]));
  const whole = lengths.reduce((a, b) => a + b, 0);
  if (!whole) return null;
  // A curve shorter than its text is followed beyond its ends in a straight line.
  let at = (whole - total) / 2;
  return letters.map((letter, k) => {
    const middle = at + widths[k] / 2;
    at += widths[k];
    let piece = 0, before = 0;
    while (piece < lengths.length - 1 && middle > before + lengths[piece]) before += lengths[piece++];
    const [ax, ay] = points[piece], [bx, by] = points[piece + 1], share = (middle - before) / lengths[piece];
    return { letter, x: ax + (bx - ax) * share, y: ay + (by - ay) * share, turn: Math.atan2(by - ay, bx - ax) };
  });
}

/** A symbol for a panel, as SVG in the colours of the page. */
export function symbolSvg(icon: string, attacker: boolean, width = 36): string {
  const list = ((symbols as Record<string, Shape[]>)[icon] ?? (symbols as Record<string, Shape[]>).infantry)
    .map((s) => `<path d="${s.d}" fill="${s.fill ? "currentColor" : "none"}" stroke="${s.stroke ? "currentColor" : "none"}" stroke-width="7"/>`)
    .join("");
  const side = attacker ? "attacker" : "defender";
  return `<svg class="symbol ${side}" width="${width}" height="${(width * 2) / 3}" viewBox="25 50 150 100" aria-hidden="true"><rect x="25" y="50" width="150" height="100"/>${list}</svg>`;
}
