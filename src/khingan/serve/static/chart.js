// Two small drawings of an effect: both arms as bands of their runs, and the difference with its interval.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 160, HEIGHT = 30, EDGE = 6;

function shape(name, values) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
}

function drawing(label) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  return svg;
}

function scale(low, high) {
  const span = high - low || 1;
  return (value) => (EDGE + ((value - low) / span) * (WIDTH - 2 * EDGE)).toFixed(1);
}

export function arms(effect, number) {
  const [was, changed] = [effect.factual_quantiles, effect.counterfactual_quantiles];
  const said = (name, band) => `${name}: half of the runs ${number(band[1])} to ${number(band[3])}, median ${number(band[2])}`;
  const svg = drawing(`${said("as it was", was)}; ${said("changed", changed)}`);
  const x = scale(Math.min(was[0], changed[0]), Math.max(was[4], changed[4]));
  for (const [name, band, y] of [["was", was, 3], ["changed", changed, 17]]) {
    const width = (a, b) => Math.max(x(b) - x(a), 0.8).toFixed(1);
    svg.append(
      shape("rect", { class: `${name}-band`, x: x(band[0]), y, width: width(band[0], band[4]), height: 10 }),
      shape("rect", { class: `${name}-half`, x: x(band[1]), y, width: width(band[1], band[3]), height: 10 }),
      shape("line", { class: `${name}-mid`, x1: x(band[2]), x2: x(band[2]), y1: y, y2: y + 10 }),
    );
  }
  return svg;
}

export function difference(effect, number) {
  const known = effect.low !== null && effect.high !== null;
  const [low, high] = known ? [effect.low, effect.high] : [effect.difference, effect.difference];
  const svg = drawing(`difference ${number(effect.difference)}, 95 % interval ${number(low)} to ${number(high)}`);
  const x = scale(Math.min(low, 0), Math.max(high, 0));
  const middle = HEIGHT / 2;
  svg.append(
    shape("line", { class: "zero", x1: x(0), x2: x(0), y1: 2, y2: HEIGHT - 2 }),
    shape("line", { class: "interval", x1: x(low), x2: x(high), y1: middle, y2: middle }),
    shape("circle", { class: "point", cx: x(effect.difference), cy: middle, r: 4 }),
  );
  return svg;
}
