/**
 * Runs of status in typed arrays, as `outposts.StatusTimeline` packs them: nothing is an object per venue.
 */
(function (outposts) {
  "use strict";

  const NONE = 255;
  const OPEN = 2 ** 32 - 1;
  const BEGINNING = -2147483648;
  const END = 2147483647;

  class StatusRuns {
    /** @param {ArrayBuffer} buffer a header's length, the header, then columns */
    constructor(buffer) {
      const length = new DataView(buffer).getUint32(0, true);
      this.header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
      const {venues, runs, base} = this.header;
      let at = 4 + length;
      /** The four bytes of each number lie in four planes, the lowest first. */
      const column = (count) => {
        const [a, b, c, d] = [0, 1, 2, 3].map((plane) => new Uint8Array(buffer, at + plane * count, count));
        at += 4 * count;
        const values = new Uint32Array(count);
        for (let i = 0; i < count; i += 1) values[i] = (a[i] | (b[i] << 8) | (c[i] << 16) | (d[i] << 24)) >>> 0;
        return values;
      };
      /** East and south, from 0 to 2 ** 26. */
      this.x = column(venues);
      this.y = column(venues);
      const counts = column(venues);
      const starts = column(runs); // no [a, b] = [column(), column()]: minify would let that run first
      const lengths = column(runs);
      this.runStatus = new Uint8Array(buffer, at, runs).slice();
      /** Runs of venue v: firstRun[v] <= r < firstRun[v + 1]; each holds its start, not its end. */
      this.firstRun = new Uint32Array(venues + 1);
      this.starts = new Int32Array(runs);
      this.ends = new Int32Array(runs);
      for (let v = 0, r = 0; v < venues; v += 1) {
        this.firstRun[v] = r;
        let before = base;
        for (const last = r + counts[v]; r < last; r += 1) {
          before += starts[r];
          this.starts[r] = before === base ? BEGINNING : before;
          if (lengths[r] === 0) this.ends[r] = r + 1 < last ? before + starts[r + 1] : before;
          else this.ends[r] = lengths[r] === OPEN ? END : before + lengths[r];
        }
      }
      this.firstRun[venues] = runs;
      /** Status of each venue on the day last asked for. */
      this.statuses = new Uint8Array(venues).fill(NONE);
    }

    /** All statuses on a day, `StatusRuns.NONE` for a venue that has none; the array is used again. @param {number} day */
    on(day) {
      const {firstRun, starts, ends, runStatus, statuses} = this;
      for (let v = 0; v < statuses.length; v += 1) {
        let status = NONE;
        for (let r = firstRun[v]; r < firstRun[v + 1]; r += 1) {
          if (starts[r] <= day && day < ends[r]) status = runStatus[r];
        }
        statuses[v] = status;
      }
      return statuses;
    }

    /** Counts by status on many days: count of status s on day i at i * statuses + s. @param {number[]} days ascending */
    counts(days) {
      const width = this.header.statuses.length;
      const counts = new Uint32Array(days.length * width);
      const steps = new Int32Array((days.length + 1) * width);
      const indexOf = (day) => {
        let [low, high] = [0, days.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (days[middle] < day) low = middle + 1;
          else high = middle;
        }
        return low;
      };
      for (let r = 0; r < this.starts.length; r += 1) {
        steps[indexOf(this.starts[r]) * width + this.runStatus[r]] += 1;
        steps[indexOf(this.ends[r]) * width + this.runStatus[r]] -= 1;
      }
      for (let i = 0; i < counts.length; i += 1) counts[i] = steps[i] + (i >= width ? counts[i - width] : 0);
      return counts;
    }

    /** A venue's runs. @returns {{start: number | null, end: number | null, status: number}[]} null: no bound; end exclusive */
    history(venue) {
      const runs = [];
      for (let r = this.firstRun[venue]; r < this.firstRun[venue + 1]; r += 1) {
        const [start, end] = [this.starts[r], this.ends[r]];
        if (start < end) runs.push({start: start === BEGINNING ? null : start, end: end === END ? null : end, status: this.runStatus[r]});
      }
      return runs;
    }
  }

  StatusRuns.NONE = NONE;
  /** The world's side in units of `x` and `y`. */
  StatusRuns.GRID = 2 ** 26;
  outposts.StatusRuns = StatusRuns;
})(window.outposts = window.outposts || {});
