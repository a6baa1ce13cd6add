// The symbols the page uses, drawn once by milsymbol: the page itself carries their outlines and not the library.
import { mkdirSync, writeFileSync } from "node:fs";
import ms from "milsymbol";

// Entity in the land unit set of MIL-STD-2525D and APP-6D, and modifier two where there is one. Both sides take the
// friend's frame: colour alone tells them apart, as on a historian's map.
const ICONS = {
  infantry: ["121100", "00"], tank: ["120500", "00"], mech: ["121102", "00"], cavalry: ["121300", "00"],
  air: ["120800", "00"], airborne: ["121100", "01"], naval: ["121101", "00"], artillery: ["130300", "00"],
  boats: ["120300", "00"], support: ["163400", "00"],
};

const drawn = {};
for (const [name, [entity, modifier]] of Object.entries(ICONS)) {
  const symbol = new ms.Symbol(`1003100000${entity}00${modifier}`, { outlineWidth: 0 });
  if (!symbol.isValid()) throw new Error(`milsymbol knows no symbol for ${name}`);
  const disc = (_, x, y, r) => `<path d="M${x - r},${y} a${r},${r} 0 1 0 ${2 * r},0 a${r},${r} 0 1 0 ${-2 * r},0 Z"`;
  const svg = symbol.asSVG().replace(/<circle cx="(\d+)" cy="(\d+)" r="(\d+)"/g, disc);
  const shapes = [...svg.matchAll(/<path d="([^"]+)" stroke-width="[^"]+" stroke="([^"]+)" fill="([^"]+)"/g)];
  if (shapes.length < 2 || /<(circle|text|g|rect|ellipse)\b/.test(svg)) throw new Error(`${name} is not made of paths alone`);
  drawn[name] = shapes.slice(1).map(([, d, stroke, fill]) => ({ d, stroke: stroke !== "none", fill: fill !== "none" }));
}
mkdirSync("src", { recursive: true });
writeFileSync("src/symbols.json", JSON.stringify(drawn));
