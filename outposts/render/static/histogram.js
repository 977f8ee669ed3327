/**
 * The timeline's picture: how many venues had which status, month by month, with the years under it and the events'
 * flags above it. It depends on the filters, not on the shown day.
 */
(function (outposts) {
  "use strict";

  const {day} = outposts;
  /** From the axis up: what stood open, or may have. The rest is drawn only where it alone was asked for. */
  const STANDING = ["open", "presumed-open", "disputed", "suspended"];
  const REST = ["closed", "unknown"];
  const AXIS = 18;
  const ROW = 15;
  /** A flag's label in letters; the list of events has it whole. */
  const LABEL = 32;
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Outposts Scripts', sans-serif";
  /** Half the slider's thumb: where the span's ends lie. */
  const INSET = 12;

  class Histogram {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {object} data the block `outposts-data`
     */
    constructor(canvas, data) {
      this.canvas = canvas;
      this.codes = data.statuses;
      this.stack = data.stack || STANDING;
      this.span = data.span;
      this.events = data.events.filter((event) => event.first !== null && event.first <= data.span[1] && event.first >= data.span[0]);
      this.days = day.months(data.span[0], data.span[1]);
      this.content = null;
    }

    /**
     * @param {{counts: Uint32Array, status: number, known: number, compare: number | null, period: [number, number] | null}} content
     *   counts by month and status, the chosen statuses' bits, the known day, the day compared with, the chosen year or range
     */
    show(content) {
      this.content = content;
      this.draw();
    }

    /** Where a day lies, in CSS pixels from the canvas's left. */
    x(at) {
      const width = this.canvas.clientWidth - 2 * INSET;
      return INSET + (width * (at - this.span[0])) / Math.max(1, this.span[1] - this.span[0]);
    }

    /** The events near a place on the canvas. @returns {object[]} */
    eventsAt(x) {
      return this.events.filter((event) => Math.abs(this.x(event.first) - x) < 5);
    }

    draw() {
      const {canvas, content} = this;
      const [width, height] = [canvas.clientWidth, canvas.clientHeight];
      if (!content || !width || !height) return;
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const style = getComputedStyle(canvas);
      const look = {
        ink: style.getPropertyValue("--outposts-ink"), muted: style.getPropertyValue("--outposts-muted"),
        line: style.getPropertyValue("--outposts-line"), plate: style.getPropertyValue("--outposts-plate"),
      };
      const rows = !this.events.length ? 0 : width < 600 ? 1 : 3;
      const base = height - AXIS;
      const top = rows * ROW + 4;
      if (content.period) this.drawPeriod(context, content.period, top, base, look);
      this.drawBars(context, base, base - top, look);
      this.drawUnknowable(context, base, look);
      this.drawAxis(context, width, base, look);
      this.drawEvents(context, width, base, rows, look);
      if (content.compare !== null) this.drawCompared(context, content.compare, top, base, look);
    }

    /** The day compared with: a hollow twin of the slider's thumb. */
    drawCompared(context, compare, top, base, look) {
      const x = Math.round(this.x(compare));
      context.fillStyle = look.ink;
      context.fillRect(x - 1, top, 2, base - top);
      context.beginPath();
      context.arc(x, base, 7, 0, 2 * Math.PI);
      context.fillStyle = look.plate;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = look.ink;
      context.stroke();
    }

    drawPeriod(context, [first, last], top, base, look) {
      const from = this.x(Math.max(this.span[0], first));
      const to = Math.max(this.x(Math.min(this.span[1], last + 1)), from + 2);
      context.globalAlpha = 0.1;
      context.fillStyle = look.ink;
      context.fillRect(from, top, to - from, base - top);
      context.globalAlpha = 1;
    }

    drawBars(context, base, height, look) {
      const {counts, status} = this.content;
      const width = this.codes.length;
      const chosen = (codes) => codes.map((code) => this.codes.indexOf(code)).filter((s) => s >= 0 && (status >> s) & 1);
      const standing = chosen(this.stack);
      const shown = standing.length ? standing : chosen(REST);
      let peak = 0;
      for (let i = 0; i < this.days.length; i += 1) {
        peak = Math.max(peak, shown.reduce((sum, s) => sum + counts[i * width + s], 0));
      }
      if (!peak) return;
      const monthWidth = (this.canvas.clientWidth - 2 * INSET) / this.days.length;
      const step = [1, 2, 3, 6, 12, 24].find((months) => months * monthWidth >= 2.5) || 60;
      const gap = step * monthWidth > 4 ? 1 : 0.5;
      for (let i = 0; i < this.days.length; i += step) {
        const left = this.x(Math.max(this.days[i], this.span[0]));
        const right = i + step < this.days.length ? this.x(this.days[i + step]) : this.x(this.span[1]);
        let y = base;
        for (const s of shown) {
          const tall = (counts[i * width + s] / peak) * height;
          if (!tall) continue;
          context.fillStyle = outposts.marks.color(this.codes[s]);
          context.fillRect(left, y - tall, Math.max(right - left - gap, 0.5), tall);
          y -= tall;
        }
      }
      context.font = `11px ${FONT}`;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.lineJoin = "round";
      context.lineWidth = 3;
      context.strokeStyle = look.plate;
      context.fillStyle = look.muted;
      const label = outposts.words.text("peak", {n: peak});
      context.strokeText(label, INSET, base - height + 3);
      context.fillText(label, INSET, base - height + 3);
      context.fillStyle = look.line;
      context.fillRect(INSET, base - height - 0.5, this.x(this.span[1]) - INSET, 0.5);
    }

    /** Shades the days after the known day: nobody could know them. */
    drawUnknowable(context, base, look) {
      if (this.content.known >= this.span[1]) return;
      const from = this.x(Math.max(this.content.known, this.span[0]));
      const to = this.x(this.span[1]);
      context.fillStyle = look.plate;
      context.globalAlpha = 0.75;
      context.fillRect(from, 0, to - from, base);
      context.globalAlpha = 1;
      context.fillStyle = look.muted;
      context.font = `11px ${FONT}`;
      const label = outposts.words.text("notKnownYet");
      if (context.measureText(label).width + 20 < to - from) {
        context.textAlign = "left";
        context.textBaseline = "bottom";
        context.fillText(label, from + 16, base - 4);
      }
    }

    drawAxis(context, width, base, look) {
      context.fillStyle = look.muted;
      context.fillRect(INSET, base, width - 2 * INSET, 1);
      context.font = `11.5px ${FONT}`;
      context.textAlign = "center";
      context.textBaseline = "top";
      const [first, last] = [day.fields(this.span[0]).year, day.fields(this.span[1]).year];
      const yearWidth = (width - 2 * INSET) / Math.max(1, (this.span[1] - this.span[0]) / 365.25);
      const step = [1, 2, 5, 10, 20, 50, 100].find((years) => years * yearWidth > 46) || 200;
      for (let year = first; year <= last; year += 1) {
        const x = this.x(Math.max(day.of(year, 1, 1), this.span[0]));
        const at = day.of(year, 1, 1) >= this.span[0] || first === last;
        if (!at) continue;
        if (yearWidth > 6) context.fillRect(x, base, 1, year % step ? 3 : 5);
        if (year % step === 0 || first === last) context.fillText(String(year), Math.min(Math.max(x, 16), width - 16), base + 6);
      }
    }

    /** Flags; a label that finds no free place, on either side and in any row, is left to the list of events. */
    drawEvents(context, width, base, rows, look) {
      const ends = [];
      context.font = `11.5px ${FONT}`;
      context.textBaseline = "middle";
      const taken = this.events.map(() => null);
      // Leftward labels from the bottom row up, then rightward ones from the top down: so no pole crosses them.
      const order = rows > 1 ? [...Array(rows).keys()] : [];
      const spots = [...order.toReversed().map((row) => [-1, row]), ...order.map((row) => [1, row])];
      for (const [index, event] of this.events.entries()) {
        const x = this.x(event.first);
        const label = event.label.length > LABEL ? `${event.label.slice(0, LABEL - 1).trimEnd()}…` : event.label;
        const wide = context.measureText(label).width;
        for (const [side, row] of spots) {
          const from = side > 0 ? x - 1 : x - wide - 13;
          const to = side > 0 ? x + wide + 13 : x + 1;
          const free = from > 0 && to < width && ends.every((end) => end.row !== row || to < end.from - 6 || from > end.to + 6);
          // Poles run from a flag's row to the axis: they must cross no label of the rows below.
          const clear = this.events.every((other, o) => !taken[o] || taken[o].row >= row
            || this.x(other.first) < from - 2 || this.x(other.first) > to + 2);
          const uncrossed = ends.every((end) => end.row <= row || x < end.from - 2 || x > end.to + 2);
          if (!free || !clear || !uncrossed) continue;
          ends.push({row, from, to});
          taken[index] = {row, side, label};
          break;
        }
      }
      /** Where the labels stand: row, left and right ends in CSS pixels. */
      this.labels = ends;
      let last = -Infinity;
      this.events.forEach((event, index) => {
        const x = Math.round(this.x(event.first)) + 0.5;
        const place = taken[index];
        if (!place && x - last < 7) return;
        if (!place) last = x;
        const y = place ? place.row * ROW + 8 : rows > 1 ? rows * ROW + 7 : 8;
        const side = place ? place.side : 1;
        context.strokeStyle = context.fillStyle = look.ink;
        context.globalAlpha = place ? 0.75 : 0.4;
        context.lineWidth = 1;
        context.setLineDash([2, 2]);
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(x, base);
        context.stroke();
        context.setLineDash([]);
        context.globalAlpha = place ? 1 : 0.55;
        context.beginPath();
        context.moveTo(x, y - 4);
        context.lineTo(x + side * 7, y);
        context.lineTo(x, y + 4);
        context.fill();
        if (place) {
          context.textAlign = side > 0 ? "left" : "right";
          context.fillText(place.label, x + side * 10, y);
        }
        context.globalAlpha = 1;
      });
    }
  }

  outposts.Histogram = Histogram;
  outposts.Histogram.INSET = INSET;
})(window.outposts = window.outposts || {});
