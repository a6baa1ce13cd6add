"use strict";
(async () => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const part = await unpack(data);
  const canvas = document.getElementById("map"), slider = document.getElementById("hour");
  const ground = document.createElement("canvas"), layer = document.createElement("canvas");
  let coast = 0;
  const paths = [], borders = [], n = part.counts.length;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let colour, ratio, view, opening, timer = 0;

  outlines();
  eachShape(0, () => coast++);
  slider.max = data.horizon / data.step;
  slider.value = Math.round(slider.max / 5);
  wire();
  resize();

  // The arrays lie one after another in the inflated bytes, little-endian, 16-bit ones first.
  async function unpack({ blob, arrays }) {
    const bytes = Uint8Array.from(atob(blob), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const raw = await new Response(stream).arrayBuffer(), found = {};
    let at = 0;
    for (const [name, type, size] of arrays) {
      found[name] = type === "int16" ? new Int16Array(raw, at, size) : new Uint8Array(raw, at, size);
      at += found[name].byteLength;
    }
    return found;
  }

  // One polygon a cell, and every side with the one or two cells it bounds: [x, y, x, y, cell, other or -1].
  function outlines() {
    const sides = new Map(), xy = part.outline;
    for (let cell = 0, at = 0; cell < n; at += 2 * part.counts[cell++]) {
      const path = new Path2D(), count = part.counts[cell];
      for (let k = 0; k < count; k++) {
        const i = at + 2 * k, j = at + 2 * ((k + 1) % count);
        k ? path.lineTo(xy[i], xy[i + 1]) : path.moveTo(xy[i], xy[i + 1]);
        const one = (xy[i] + 32768) * 65536 + xy[i + 1] + 32768, two = (xy[j] + 32768) * 65536 + xy[j + 1] + 32768;
        const key = one < two ? one + "," + two : two + "," + one, side = sides.get(key);
        if (side) side[5] = cell;
        else sides.set(key, [xy[i], xy[i + 1], xy[j], xy[j + 1], cell, -1]);
      }
      path.closePath();
      paths.push(path);
    }
    borders.push(...sides.values());
  }

  function palette() {
    const style = getComputedStyle(document.documentElement);
    colour = (name) => style.getPropertyValue("--" + name).trim();
  }

  function resize() {
    palette();
    ratio = window.devicePixelRatio || 1;
    const box = canvas.getBoundingClientRect();
    for (const c of [canvas, ground, layer]) { c.width = Math.round(box.width * ratio); c.height = Math.round(box.height * ratio); }
    opening = fit(box.width, box.height);
    view = { ...opening };
    drawGround();
    draw();
  }

  // Centre and pixels per tenth of a kilometre that show every dated place.
  function fit(width, height) {
    const margin = 1000, xs = data.marks.map((m) => m.x), ys = data.marks.map((m) => m.y);
    if (!xs.length) for (let i = 0; i < part.outline.length; i += 12) { xs.push(part.outline[i]); ys.push(part.outline[i + 1]); }
    const [left, right] = [Math.min(...xs) - margin, Math.max(...xs) + margin];
    const [top, bottom] = [Math.min(...ys) - margin, Math.max(...ys) + margin];
    return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(width / (right - left), height / (bottom - top)) };
  }

  function place(context) {
    const s = view.scale * ratio;
    context.setTransform(s, 0, 0, s, canvas.width / 2 - view.x * s, canvas.height / 2 - view.y * s);
    return 1 / view.scale;
  }

  function strokeSides(context, chosen, width, dash = []) {
    context.beginPath();
    for (const s of borders) if (chosen(s[4], s[5])) { context.moveTo(s[0], s[1]); context.lineTo(s[2], s[3]); }
    context.lineWidth = width;
    context.setLineDash(dash);
    context.lineCap = dash.length ? "butt" : "round";
    context.stroke();
    context.setLineDash([]);
  }

  function drawGround() {
    const c = ground.getContext("2d");
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.fillStyle = colour("paper");
    c.fillRect(0, 0, ground.width, ground.height);
    const px = place(c);
    drawShapes(c, px, 3);
    framed(c, () => drawShapes(c, px, 0));
    const fills = data.covers.map(colour);
    c.lineWidth = 0.8 * px;
    for (let k = 0; k < n; k++) { c.fillStyle = c.strokeStyle = fills[part.cover[k]]; c.fill(paths[k]); c.stroke(paths[k]); }
    c.strokeStyle = colour("coast");
    if (!coast) strokeSides(c, (a, b) => b < 0, 0.7 * px);
    framed(c, () => { drawShapes(c, px, 2); drawShapes(c, px, 1); });
    drawLines(c, px);
    c.strokeStyle = colour("border");
    strokeSides(c, (a, b) => b >= 0 && part.home[a] !== part.home[b], 1.2 * px);
  }

  // Lines of the basemap follow each other as kind (0 coast, 1 lake, 2 river, 3 frame), number of points, points.
  function eachShape(kind, run) {
    const b = part.shapes;
    for (let at = 0; at < b.length; at += 2 + 2 * b[at + 1]) if (b[at] === kind) run(b.subarray(at + 2, at + 2 + 2 * b[at + 1]));
  }

  function trace(c, points) {
    c.beginPath();
    for (let k = 0; k < points.length; k += 2) c.lineTo(points[k], points[k + 1]);
  }

  // The basemap runs a little past the map's edge, so that its own cuts never show.
  function framed(c, run) {
    c.save();
    eachShape(3, (points) => { trace(c, points); c.clip(); });
    run();
    c.restore();
  }

  function drawShapes(c, px, kind) {
    c.lineWidth = px;
    c.lineJoin = "round";
    c.strokeStyle = colour(["coast", "coast", "river", "hair"][kind]);
    c.fillStyle = colour(["steppe", "lake", "", "sea"][kind]);
    eachShape(kind, (points) => {
      trace(c, points);
      if (kind !== 2) c.fill();
      c.stroke();
    });
  }

  function drawLines(c, px) {
    const widths = [0, 1, 1.6, 0.7, 0.9, 1.1];
    c.lineCap = "round";
    for (let kind = 1; kind < widths.length; kind++) {
      c.beginPath();
      for (let k = 0; k < part.classes.length; k++) {
        if (part.classes[k] !== kind) continue;
        c.moveTo(part.lines[4 * k], part.lines[4 * k + 1]);
        c.lineTo(part.lines[4 * k + 2], part.lines[4 * k + 3]);
      }
      c.strokeStyle = colour(kind < 3 ? "river" : "rail");
      c.globalAlpha = kind < 3 ? 1 : 0.55;
      c.lineWidth = widths[kind] * px;
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  function draw() {
    const hours = slider.value * data.step, unit = Math.floor(hours / data.unit);
    const c = canvas.getContext("2d");
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.globalCompositeOperation = "source-over";
    c.drawImage(ground, 0, 0);
    for (let level = 0; level < 3; level++) tint(c, level, unit);
    const px = place(c);
    c.strokeStyle = colour("control");
    for (const [level, width, alpha] of [[0, 0.7, 0.5], [2, 0.7, 0.5], [1, 1.9, 1]]) {
      const held = part.control.subarray(level * n, (level + 1) * n);
      c.globalAlpha = alpha;
      strokeSides(c, (a, b) => b >= 0 && !part.home[a] && !part.home[b] && held[a] <= unit !== held[b] <= unit, width * px);
    }
    c.globalAlpha = 1;
    drawMarks(c, hours);
    const now = new Date(Date.parse(data.start) + hours * 3600e3);
    const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
    document.getElementById("date").textContent = day.format(now);
  }

  // Cells of one level are drawn solid on their own layer, so that neighbours leave no seams, and laid on as one tint.
  function tint(c, level, unit) {
    const l = layer.getContext("2d");
    l.setTransform(1, 0, 0, 1, 0, 0);
    l.clearRect(0, 0, layer.width, layer.height);
    l.lineWidth = 0.6 * place(l);
    l.fillStyle = l.strokeStyle = colour("control");
    for (let k = 0; k < n; k++) if (part.control[level * n + k] <= unit) { l.fill(paths[k]); l.stroke(paths[k]); }
    c.globalCompositeOperation = colour("blend");
    c.globalAlpha = Number(colour("o" + (level + 1)));
    c.drawImage(layer, 0, 0);
    c.globalAlpha = 1;
    c.globalCompositeOperation = "source-over";
  }

  function onScreen(mark) {
    const box = canvas.getBoundingClientRect();
    return [(mark.x - view.x) * view.scale + box.width / 2, (mark.y - view.y) * view.scale + box.height / 2];
  }

  // Rings first; then each name takes the first of eight places that is free, or is left out.
  function drawMarks(c, hours) {
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const taken = [], font = getComputedStyle(document.body).fontFamily;
    for (const mark of data.marks) {
      const [x, y] = onScreen(mark);
      c.beginPath();
      c.arc(x, y, 3.6, 0, 7);
      c.fillStyle = mark.taken <= hours ? colour("history") : colour("panel");
      c.strokeStyle = colour("history");
      c.lineWidth = 1.6;
      c.fill();
      c.stroke();
      taken.push([x - 5, y - 5, 10, 10]);
    }
    c.font = "600 11.5px " + font;
    c.lineJoin = "round";
    for (const mark of data.marks) {
      const [x, y] = onScreen(mark), w = c.measureText(mark.name).width, h = 12;
      const spots = [[7, -6], [5, -15], [5, 3], [-w - 7, -6], [-w / 2, -19], [-w / 2, 7], [-w - 5, -15], [-w - 5, 3]];
      const free = spots.map(([dx, dy]) => [x + dx, y + dy, w, h]).find((a) =>
        a[0] > 2 && a[0] + w < canvas.width / ratio - 2 && a[1] > 0 && a[1] + h < canvas.height / ratio && !taken.some((b) =>
        a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]));
      if (!free) continue;
      taken.push(free);
      c.strokeStyle = colour("paper");
      c.lineWidth = 3;
      c.globalAlpha = 0.85;
      c.strokeText(mark.name, free[0], free[1] + 10);
      c.globalAlpha = 1;
      c.fillStyle = colour("ink");
      c.fillText(mark.name, free[0], free[1] + 10);
    }
  }

  function step(count) {
    slider.value = Number(slider.value) + count;
    draw();
  }

  function play() {
    const button = document.getElementById("play");
    if (timer) { clearInterval(timer); timer = 0; }
    else {
      if (slider.value === slider.max) slider.value = 0;
      timer = setInterval(() => { step(1); if (slider.value === slider.max) play(); }, still.matches ? 1000 : 250);
    }
    button.textContent = timer ? "❚❚" : "▶";
    button.setAttribute("aria-label", timer ? "Stop" : "Play");
  }

  function zoom(factor) {
    const scale = Math.min(Math.max(view.scale * factor, opening.scale), opening.scale * 8);
    view = scale === opening.scale ? { ...opening } : { ...view, scale };
    drawGround();
    draw();
  }

  function wire() {
    const on = (id, run) => document.getElementById(id).addEventListener("click", run);
    on("in", () => zoom(1.6));
    on("out", () => zoom(1 / 1.6));
    on("back", () => step(-1));
    on("forth", () => step(1));
    on("play", play);
    slider.addEventListener("input", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", resize);
    addEventListener("resize", resize);
    let from = null;
    canvas.addEventListener("pointerdown", (e) => { from = [e.clientX, e.clientY]; canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener("pointerup", () => { from = null; });
    canvas.addEventListener("pointermove", (e) => {
      if (!from) return say(e);
      view.x -= (e.clientX - from[0]) / view.scale;
      view.y -= (e.clientY - from[1]) / view.scale;
      from = [e.clientX, e.clientY];
      requestAnimationFrame(() => { drawGround(); draw(); });
    });
  }

  function say(event) {
    const box = canvas.getBoundingClientRect(), at = [event.clientX - box.left, event.clientY - box.top];
    const near = data.marks.find((mark) => Math.hypot(...onScreen(mark).map((v, k) => v - at[k])) < 8);
    if (near) document.getElementById("said").textContent = near.said;
  }
})();
