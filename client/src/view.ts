// What part of the map is shown: the middle in units of the map (tenths of a km; finer on small maps), pixels a unit.

export type View = { x: number; y: number; scale: number };
export type Box = [number, number, number, number];

/** The view that shows a whole box of the map in a rectangle of pixels. */
export function fit(box: number[], width: number, height: number, cover = false): View {
  const [west, north, east, south] = box;
  const scales = [width / (east - west), height / (south - north)];
  return { x: (west + east) / 2, y: (north + south) / 2, scale: cover ? Math.max(...scales) : Math.min(...scales) };
}

/** Map to screen. */
export function toScreen(view: View, width: number, height: number, x: number, y: number): [number, number] {
  return [(x - view.x) * view.scale + width / 2, (y - view.y) * view.scale + height / 2];
}

/** Screen to map. */
export function toMap(view: View, width: number, height: number, px: number, py: number): [number, number] {
  return [(px - width / 2) / view.scale + view.x, (py - height / 2) / view.scale + view.y];
}

/** The view moved so that it never leaves the map. */
export function held(view: View, box: number[], width: number, height: number, least: number): View {
  const scale = Math.min(Math.max(view.scale, least), 0.6);
  const halfWide = width / scale / 2, halfTall = height / scale / 2;
  const between = (v: number, low: number, high: number) => (low > high ? (low + high) / 2 : Math.min(Math.max(v, low), high));
  return {
    scale,
    x: between(view.x, box[0] + halfWide, box[2] - halfWide),
    y: between(view.y, box[1] + halfTall, box[3] - halfTall),
  };
}
