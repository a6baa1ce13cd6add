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

// Rows of one measure share a scale, so that the schools can be laid side by side.
export function arms(effect, number, beside = [effect]) {
  const [was, changed] = [effect.factual_quantiles, effect.counterfactual_quantiles];
  const said = (name, band) => `${name}: half of the runs ${number(band[1])} to ${number(band[3])}, median ${number(band[2])}`;
  const svg = drawing(`${said("as it was", was)}; ${said("changed", changed)}`);
  const bands = beside.flatMap((one) => [one.factual_quantiles, one.counterfactual_quantiles]);
  const x = scale(Math.min(...bands.map((band) => band[0])), Math.max(...bands.map((band) => band[4])));
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

export function difference(effect, number, beside = [effect]) {
  const known = effect.low !== null && effect.high !== null;
  const [low, high] = known ? [effect.low, effect.high] : [effect.difference, effect.difference];
  const svg = drawing(`difference ${number(effect.difference)}, 95 % interval ${number(low)} to ${number(high)}`);
  const ends = beside.flatMap((one) => [one.low ?? one.difference, one.high ?? one.difference]);
  const x = scale(Math.min(...ends, 0), Math.max(...ends, 0));
  const middle = HEIGHT / 2;
  svg.append(
    shape("line", { class: "zero", x1: x(0), x2: x(0), y1: 2, y2: HEIGHT - 2 }),
    shape("line", { class: "interval", x1: x(low), x2: x(high), y1: middle, y2: middle }),
    shape("circle", { class: "point", cx: x(effect.difference), cy: middle, r: 4 }),
  );
  return svg;
}

// ---- why ----

const LONG = 320, TALL = 24;

function bar(label, from, to, low, high, kind, x) {
  const svg = shape("svg", { viewBox: `0 0 ${LONG} ${TALL}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  const at = (value) => (x(value) * LONG).toFixed(1), left = Math.min(at(from), at(to));
  svg.append(
    shape("line", { class: "run", x1: at(to), x2: at(to), y1: TALL / 2, y2: TALL }),
    shape("rect", { class: kind, x: left, y: 5, width: Math.max(Math.abs(at(to) - at(from)), 1).toFixed(1), height: TALL - 10 }),
  );
  if (low !== null) svg.append(shape("line", { class: "interval", x1: at(low), x2: at(high), y1: TALL / 2, y2: TALL / 2 }));
  return svg;
}

// Rows of a waterfall from nothing as it was to everything as it was: name, drawing, share, interval. It adds up exactly.
export function waterfall(found, number) {
  const shares = [...found.shares].sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  let sum = found.counterfactual;
  const steps = shares.map((one) => {
    const step = { one, from: sum, to: sum + one.share, low: sum + one.low, high: sum + one.high };
    sum = step.to;
    return step;
  });
  const ends = [found.counterfactual, found.factual, ...steps.flatMap((step) => [step.to, step.low, step.high])];
  const least = Math.min(...ends), span = Math.max(...ends) - least || 1;
  const x = (value) => 0.02 + (0.96 * (value - least)) / span;
  const total = (name, value) => ({ name, total: true, share: number(value), interval: "",
    svg: bar(`${name}: ${number(value)}`, value - span / 150, value + span / 150, null, null, "total", x) });
  return [
    total("all taken away", found.counterfactual),
    ...steps.map(({ one, from, to, low, high }) => ({
      name: one.factor, total: false, felt: one.low > 0 || one.high < 0,
      share: (one.share > 0 ? "+" : "") + number(one.share), interval: `${number(one.low)} to ${number(one.high)}`,
      svg: bar(`${one.factor}: ${number(one.share)}, 95 % interval ${number(one.low)} to ${number(one.high)}`, from, to, low, high, one.share < 0 ? "down" : "up", x),
    })),
    total("as it was", found.factual),
  ];
}
