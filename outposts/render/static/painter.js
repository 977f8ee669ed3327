/**
 * Marks and donuts written as pixels, all into one picture: a map of hundreds of donuts then costs a few milliseconds
 * a step, where arcs cost a tenth of a second. What they look like comes from `marks`. The loops over pixels take no
 * arrays apart: on the first picture, before the browser has compiled them, that costs most.
 */
(function (outposts) {
  "use strict";

  /** Directions that a donut's parts are told apart by. */
  const TURN = 720;
  /** Shades between a plate and what is drawn on it. */
  const SHADES = 32;
  const NONE = 255;
  const PLATE = 1.5;
  const DIGITS = "0123456789";

  /** Colours as [red, green, blue]. One reading for all: each makes the browser wait for its canvas. */
  function channels(colors) {
    const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    colors.forEach((color, i) => {
      context.fillStyle = color;
      context.fillRect(i, 0, 1, 1);
    });
    const {data} = context.getImageData(0, 0, colors.length, 1);
    return colors.map((_, i) => [...data.subarray(4 * i, 4 * i + 3)]);
  }

  const pixel = (red, green, blue, alpha) => ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;

  /** Opaque pixels from one colour to another. */
  function shades(from, to) {
    return Uint32Array.from({length: SHADES + 1}, (_, i) =>
      pixel(...from.map((value, c) => Math.round(value + ((to[c] - value) * i) / SHADES)), 255));
  }

  const covered = (value) => Math.min(Math.max(value, 0), 1);

  class Painter {
    /**
     * @param {string[]} codes of the statuses
     * @param {{plate: string, ink: string, font: string}} look colours, and the sums' font in CSS pixels
     * @param {number} ratio device pixels a CSS pixel
     */
    constructor(codes, look, ratio) {
      this.ratio = ratio;
      this.look = look;
      this.codes = codes;
      const [plate, ink, ...own] = channels([look.plate, look.ink, ...codes.map(outposts.marks.color)]);
      this.plate = pixel(...plate, 255);
      this.parts = codes.map((code, s) => ({...outposts.marks.ring(code), shades: shades(plate, own[s])}));
      this.ink = shades(plate, ink);
      this.rings = new Map();
      this.stamps = new Map();
      this.glyphs = new Map();
      this.turn = new Uint8Array(TURN);
      this.width = this.height = 0;
    }

    /** Starts a picture of so many device pixels. */
    begin(width, height) {
      if (width !== this.width || height !== this.height) {
        this.image = new ImageData(width, height);
        this.pixels = new Uint32Array(this.image.data.buffer);
        this.rings.clear();
        [this.width, this.height] = [width, height];
      } else this.pixels.fill(0);
    }

    /** Puts the picture on the canvas, in place of all that was there. @param {CanvasRenderingContext2D} context */
    end(context) {
      context.putImageData(this.image, 0, 0);
    }

    /** Lays a colour over a pixel that may be clear, or partly so. */
    over(at, red, green, blue, alpha) {
      const under = this.pixels[at];
      const rest = ((under >>> 24) * (255 - alpha)) / 255;
      const sum = alpha + rest;
      if (!sum) return;
      const mix = (value, shift) => Math.round((value * alpha + ((under >>> shift) & 255) * rest) / sum);
      this.pixels[at] = pixel(mix(red, 0), mix(green, 8), mix(blue, 16), Math.round(sum));
    }

    /** The pixels of a ring of a radius: rows of its plate, the plate's rim, and for each pixel of the ring its depth and direction. */
    ring(radius) {
      if (this.rings.has(radius)) return this.rings.get(radius);
      const thick = radius * outposts.marks.RING_SHARE;
      const outer = radius + PLATE * this.ratio;
      const reach = Math.ceil(outer) + 1;
      const [rows, rim, dx, dy, direction, depth] = [[], [], [], [], [], []];
      for (let y = -reach; y <= reach; y += 1) {
        let [from, to] = [1, 0];
        for (let x = -reach; x <= reach; x += 1) {
          const distance = Math.sqrt(x * x + y * y);
          const cover = covered(outer - distance + 0.5);
          if (cover === 1) {
            if (from > to) from = x;
            to = x;
          } else if (cover > 0) rim.push(x, y, Math.round(cover * 255));
          const deep = radius - distance;
          if (deep < -0.5 || deep > thick + 0.5) continue;
          const turn = Math.atan2(x, -y) / (2 * Math.PI);
          dx.push(x);
          dy.push(y);
          direction.push(Math.floor((turn < 0 ? turn + 1 : turn) * TURN) % TURN);
          depth.push(deep);
        }
        if (from <= to) rows.push(y, from, to);
      }
      const found = {
        edge: reach, rows: Int16Array.from(rows), rim: Int16Array.from(rim), dx: Int16Array.from(dx), dy: Int16Array.from(dy),
        offset: Int32Array.from(dx, (x, i) => dy[i] * this.width + x), direction: Uint16Array.from(direction),
        // Each part's shade on each pixel, were the whole ring of its status.
        levels: this.parts.map((part) => Uint8Array.from(depth, (deep, i) => this.level(part, thick, radius, deep, direction[i]))),
      };
      this.rings.set(radius, found);
      return found;
    }

    level(part, thick, radius, depth, direction) {
      const own = thick * part.share;
      let cover = Math.min(covered(depth + 0.5), covered(own - depth + 0.5));
      if (part.dash) {
        const [on, off] = part.dash;
        const phase = (((direction / TURN) * 2 * Math.PI * (radius - own / 2)) / this.ratio) % (on + off);
        cover *= covered(Math.min(phase, on - phase) * this.ratio + 0.5);
      }
      return Math.round(cover * SHADES);
    }

    /**
     * A donut whose parts are counts by status, with their sum inside.
     * @param {ArrayLike<number>} counts
     * @param {number} at where its counts begin
     * @param {number} sum
     * @param {number} x centre, CSS pixels
     * @param {number} y
     * @param {number} size radius, CSS pixels
     */
    donut(counts, at, sum, x, y, size) {
      const {width, height, pixels, parts, turn} = this;
      const radius = Math.round(size * this.ratio * 2) / 2;
      const [left, top] = [Math.round(x * this.ratio), Math.round(y * this.ratio)];
      const {edge, rows, rim, dx, dy, offset, direction, levels} = this.ring(radius);
      const inside = left >= edge && top >= edge && left + edge < width && top + edge < height;
      for (let i = 0; i < rows.length; i += 3) {
        const row = top + rows[i];
        if (row < 0 || row >= height) continue;
        const from = Math.max(left + rows[i + 1], 0);
        const to = Math.min(left + rows[i + 2], width - 1);
        if (from <= to) pixels.fill(this.plate, row * width + from, row * width + to + 1);
      }
      const [red, green, blue] = [this.plate & 255, (this.plate >>> 8) & 255, (this.plate >>> 16) & 255];
      for (let i = 0; i < rim.length; i += 3) {
        const column = left + rim[i];
        const row = top + rim[i + 1];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        this.over(row * width + column, red, green, blue, rim[i + 2]);
      }
      this.divide(counts, at, sum, radius);
      const centre = top * width + left;
      for (let i = 0; i < offset.length; i += 1) {
        const status = turn[direction[i]];
        if (status === NONE) continue;
        const level = levels[status][i];
        if (!level) continue;
        if (!inside && (left + dx[i] < 0 || top + dy[i] < 0 || left + dx[i] >= width || top + dy[i] >= height)) continue;
        pixels[centre + offset[i]] = parts[status].shades[level];
      }
      this.write(outposts.marks.sum(sum), left, top);
    }

    /** Says for each direction whose part it is. */
    divide(counts, at, sum, radius) {
      const {turn} = this;
      const gap = Math.max(1, Math.round(TURN / (2 * Math.PI * radius)));
      let passed = 0;
      for (let s = 0; s < this.codes.length; s += 1) {
        const count = counts[at + s];
        if (!count) continue;
        const from = Math.round((passed / sum) * TURN);
        passed += count;
        const to = Math.round((passed / sum) * TURN);
        turn.fill(s, from, to);
        if (count === sum) return;
        const spare = Math.min(gap, Math.floor((to - from) / 3));
        turn.fill(NONE, from, from + spare);
        turn.fill(NONE, to - spare, to);
      }
    }

    /** The shape of one character: how much ink on each pixel. The digits are read together, the others when they come. */
    glyph(char) {
      if (!this.glyphs.has(char)) this.cast(DIGITS.includes(char) ? [...DIGITS] : [char]);
      return this.glyphs.get(char);
    }

    cast(chars) {
      const side = Math.ceil(20 * this.ratio);
      const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      context.canvas.width = side * chars.length;
      context.canvas.height = side;
      context.font = this.look.font.replace(/([\d.]+)px/, (_, size) => `${Number(size) * this.ratio}px`);
      context.textBaseline = "middle";
      chars.forEach((char, i) => context.fillText(char, i * side + 2, side / 2));
      const {data} = context.getImageData(0, 0, side * chars.length, side);
      chars.forEach((char, i) => {
        const spots = [];
        for (let y = 0; y < side; y += 1) {
          for (let x = 0; x < side; x += 1) {
            const shade = Math.round((data[4 * (y * side * chars.length + i * side + x) + 3] / 255) * SHADES);
            if (shade) spots.push(x - 2, y - Math.round(side / 2), shade);
          }
        }
        this.glyphs.set(char, {advance: context.measureText(char).width, spots: Int16Array.from(spots)});
      });
    }

    /** Writes a short text around a device pixel on a plate. */
    write(text, x, y) {
      const glyphs = [...text].map((char) => this.glyph(char));
      let left = x - glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) / 2;
      for (const {advance, spots} of glyphs) {
        const from = Math.round(left);
        for (let i = 0; i < spots.length; i += 3) {
          const column = from + spots[i];
          const row = y + spots[i + 1];
          if (column < 0 || row < 0 || column >= this.width || row >= this.height) continue;
          this.pixels[row * this.width + column] = this.ink[spots[i + 2]];
        }
        left += advance;
      }
    }

    /** A status's mark, as drawn by `marks.draw`, in pixels. */
    stamp(status, radius) {
      const key = status * 1000 + radius;
      if (this.stamps.has(key)) return this.stamps.get(key);
      const half = Math.ceil(radius * 1.2) + 1;
      const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      context.canvas.width = context.canvas.height = 2 * half + 1;
      outposts.marks.draw(context, this.codes[status], half + 0.5, half + 0.5, radius, this.look.plate);
      const found = {half, data: context.getImageData(0, 0, 2 * half + 1, 2 * half + 1).data};
      this.stamps.set(key, found);
      return found;
    }

    /** One venue's mark; arguments as for `donut`. */
    mark(status, x, y, size) {
      const {half, data} = this.stamp(status, Math.round(size * this.ratio));
      const [left, top] = [Math.round(x * this.ratio) - half, Math.round(y * this.ratio) - half];
      const side = 2 * half + 1;
      for (let i = 0; i < data.length; i += 4) {
        const alpha = data[i + 3];
        if (!alpha) continue;
        const place = i >> 2;
        const column = left + (place % side);
        const row = top + Math.floor(place / side);
        if (column < 0 || row < 0 || column >= this.width || row >= this.height) continue;
        if (alpha === 255) this.pixels[row * this.width + column] = pixel(data[i], data[i + 1], data[i + 2], 255);
        else this.over(row * this.width + column, data[i], data[i + 1], data[i + 2], alpha);
      }
    }
  }

  outposts.Painter = Painter;
})(window.outposts = window.outposts || {});
