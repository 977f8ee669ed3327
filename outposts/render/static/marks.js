/**
 * The mark of each status: a shape and a colour, the same on the map's canvas, in the list and in the filters.
 * Shapes are paths on a square of 20 units, so that one text serves Path2D and SVG.
 */
(function (outposts) {
  "use strict";

  const RING = "M10 1.9a8.1 8.1 0 1 1 0 16.2a8.1 8.1 0 1 1 0-16.2z";
  const disc = (r) => `M10 ${10 - r}a${r} ${r} 0 1 1 0 ${2 * r}a${r} ${r} 0 1 1 0-${2 * r}z`;

  /** Each shape's strokes (`width`, `dash`) and fills, drawn in this order in the status's colour. */
  const SHAPES = {
    disc: [{d: disc(8.5), fill: true}],
    target: [{d: RING, width: 2.4}, {d: disc(4), fill: true}],
    half: [{d: RING, width: 2.4}, {d: "M10 2a8 8 0 0 0 0 16z", fill: true}],
    pause: [{d: RING, width: 2.4}, {d: "M7.4 6.4v7.2M12.6 6.4v7.2", width: 2.4}],
    cross: [{d: RING, width: 2.4}, {d: "M6.9 6.9l6.2 6.2M13.1 6.9l-6.2 6.2", width: 2.4}],
    dashes: [{d: RING, width: 2.4, dash: [3.2, 3.16]}],
    dot: [{d: disc(3), fill: true}],
  };

  /** How each status is drawn as a part of a donut: a share of the ring's width and a dash, so that it reads without colour. */
  const RINGS = {
    disc: {share: 1},
    target: {share: 0.6},
    half: {share: 1, dash: [2.5, 1.8]},
    pause: {share: 0.6, dash: [5, 2]},
    cross: {share: 0.5},
    dashes: {share: 0.3, dash: [2.5, 2.5]},
    dot: {share: 0.2},
  };

  /** A donut's ring, of its radius. */
  const RING_SHARE = 0.46;

  let table = {};
  const paths = {};
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function paint() {
    for (const code of Object.keys(table)) {
      document.documentElement.style.setProperty(`--outposts-${code}`, color(code));
    }
  }

  /**
   * Takes the vocabulary's statuses and keeps the page's colour properties (`--outposts-open` and its like) right
   * for light and dark.
   * @param {Object<string, {shape: string, color: string, dark: string}>} statuses
   * @returns {function(): void} ends the watch
   */
  function use(statuses) {
    table = {...table, ...statuses};
    paint();
    dark.addEventListener("change", paint);
    return () => dark.removeEventListener("change", paint);
  }

  /** The colour of a status under the reader's colour scheme. */
  function color(code) {
    const entry = table[code];
    return entry ? (dark.matches && !printing ? entry.dark : entry.color) : "#777777";
  }

  let printing = false;
  /** Whether paper is being drawn on: then colours are those of the light scheme. */
  function print(value) {
    printing = value;
    paint();
  }

  function shapeOf(code) {
    return table[code] ? table[code].shape : "dot";
  }

  const ringOf = (code) => RINGS[shapeOf(code)] || RINGS.dot;

  /** A donut's sum; from a thousand on shortened, since there is no more room. */
  const sumText = (sum) => (sum < 1000 ? String(sum) : sum < 99500 ? `${Number((sum / 1000).toPrecision(2))}k` : `${Math.round(sum / 1000)}k`);

  /**
   * Draws a status's mark on a canvas, on a plate that lifts it off the map.
   * @param {CanvasRenderingContext2D} context
   * @param {string} code
   * @param {number} x centre, CSS pixels
   * @param {number} y
   * @param {number} radius
   * @param {string} plate colour under the mark
   */
  function draw(context, code, x, y, radius, plate) {
    context.save();
    context.translate(x - radius, y - radius);
    context.scale(radius / 10, radius / 10);
    context.fillStyle = plate;
    context.beginPath();
    context.arc(10, 10, 11.5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = context.strokeStyle = color(code);
    for (const part of SHAPES[shapeOf(code)] || SHAPES.dot) {
      const path = paths[part.d] || (paths[part.d] = new Path2D(part.d));
      if (part.fill) context.fill(path);
      else {
        context.lineWidth = part.width;
        context.setLineDash(part.dash || []);
        context.stroke(path);
      }
    }
    context.restore();
  }

  /**
   * Draws a donut whose parts are counts by status, with their sum inside.
   * @param {CanvasRenderingContext2D} context
   * @param {ArrayLike<number>} counts
   * @param {number} at where the counts begin
   * @param {string[]} codes
   * @param {number} sum
   * @param {number} x centre
   * @param {number} y
   * @param {number} radius
   * @param {{plate: string, ink: string, font: string}} look
   */
  function donut(context, counts, at, codes, sum, x, y, radius, look) {
    const width = radius * RING_SHARE;
    context.save();
    context.fillStyle = look.plate;
    context.beginPath();
    context.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
    context.fill();
    let angle = -Math.PI / 2;
    for (let i = 0; i < codes.length; i += 1) {
      const count = counts[at + i];
      if (!count) continue;
      const ring = ringOf(codes[i]);
      const end = angle + (count / sum) * 2 * Math.PI;
      const gap = count === sum ? 0 : 1 / radius;
      const thick = width * ring.share;
      context.strokeStyle = color(codes[i]);
      context.lineWidth = thick;
      context.setLineDash(ring.dash || []);
      context.beginPath();
      context.arc(x, y, radius - thick / 2, angle + gap, end - gap);
      context.stroke();
      angle = end;
    }
    context.fillStyle = look.ink;
    context.font = look.font;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(sumText(sum), x, y + 0.5);
    context.restore();
  }

  /** The symbols that `icon` refers to; put it into the page once. */
  function sprite() {
    const {svg} = outposts.element;
    const symbols = Object.entries(SHAPES).map(([shape, parts]) =>
      svg("symbol", {id: `outposts-mark-${shape}`, viewBox: "0 0 20 20"}, parts.map((part) =>
        svg("path", part.fill ? {d: part.d, fill: "currentColor"} : {
          d: part.d, fill: "none", stroke: "currentColor", "stroke-width": part.width,
          "stroke-dasharray": part.dash ? part.dash.join(" ") : null,
        }))));
    return svg("svg", {class: "outposts-sprite", width: 0, height: 0, "aria-hidden": "true"}, symbols);
  }

  /** A status's mark as a small picture beside words that say the same. */
  function icon(code) {
    const {svg} = outposts.element;
    const picture = svg("svg", {viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false"}, svg("use"));
    setIcon(picture, code);
    return picture;
  }

  /** Turns a picture made by `icon` into that of another status. */
  function setIcon(picture, code) {
    picture.setAttribute("class", `outposts-mark outposts-is-${code}`);
    picture.firstChild.setAttribute("href", `#outposts-mark-${shapeOf(code)}`);
  }

  outposts.marks = {use, table: () => table, color, print, draw, donut, ring: ringOf, sum: sumText, RING_SHARE, sprite, icon, setIcon};
})(window.outposts = window.outposts || {});
