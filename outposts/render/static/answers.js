/**
 * Every venue's status on any day, as known on any day, looked up in the histories that the build computed.
 */
(function (outposts) {
  "use strict";

  const BEGINNING = -2147483648;
  const END = 2147483647;

  /** The answer for a venue of which nothing was ever claimed. */
  const NOTHING = {
    index: -1, status: "unknown", reason: -1, for: [], against: [], sentence: "", singleSource: false,
    lastSeenOpen: null, since: null, changes: null, next: null,
  };

  /** Histories as known on one day, flattened into typed arrays: run r of venue v, firstRun[v] <= r < firstRun[v + 1]. */
  class Answers {
    /** @param {object} data the block `outposts-data` */
    constructor(data) {
      this.data = data;
      this.venues = data.venues;
      this.codes = data.statuses;
      this.notYetOpen = data.statuses.indexOf("not-yet-open");
      /** @type {Uint8Array} statuses of the day last asked for, by venue */
      this.statuses = new Uint8Array(data.venues.length);
      this.known = null;
    }

    /**
     * Chooses the histories as known on a day.
     * @param {number} known
     * @returns {boolean} whether any venue's history is another than before
     */
    knownOn(known) {
      const chosen = this.venues.map((venue) => {
        let runs = [];
        for (const [from, history] of venue.histories) if (from === null || from <= known) runs = history;
        return runs;
      });
      const same = this.chosen && chosen.every((runs, v) => runs === this.chosen[v]);
      this.known = known;
      if (same) return false;
      this.chosen = chosen;
      const count = chosen.reduce((sum, runs) => sum + runs.length / 2, 0);
      this.firstRun = new Uint32Array(chosen.length + 1);
      this.starts = new Int32Array(count);
      this.answer = new Uint32Array(count);
      this.runStatus = new Uint8Array(count);
      let r = 0;
      chosen.forEach((runs, v) => {
        this.firstRun[v] = r;
        for (let i = 0; i < runs.length; i += 2, r += 1) {
          this.starts[r] = runs[i] === null ? BEGINNING : runs[i];
          this.answer[r] = runs[i + 1];
          this.runStatus[r] = this.venues[v].answers[runs[i + 1]][0];
        }
      });
      this.firstRun[chosen.length] = r;
      return true;
    }

    /** The run of a venue that holds a day, or -1. */
    runAt(venue, day) {
      const first = this.firstRun[venue];
      let low = first;
      let high = this.firstRun[venue + 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= day) low = middle + 1;
        else high = middle;
      }
      return low > first ? low - 1 : -1;
    }

    /**
     * All statuses on a day; the array is used again by the next call.
     * @param {number} day
     * @returns {Uint8Array} status index by venue
     */
    on(day) {
      const unknown = this.codes.indexOf("unknown");
      for (let v = 0; v < this.statuses.length; v += 1) {
        const r = this.runAt(v, day);
        this.statuses[v] = r < 0 ? unknown : this.runStatus[r];
      }
      return this.statuses;
    }

    /** All statuses on a day, in an array of their own. @param {number} day @returns {Uint8Array} */
    at(day) {
      const {statuses} = this;
      this.statuses = new Uint8Array(statuses.length);
      const found = this.on(day);
      this.statuses = statuses;
      return found;
    }

    /**
     * One venue's answer on a day.
     * @param {number} venue
     * @param {number} day
     * @returns {{index: number, status: string, reason: number, for: number[], against: number[], sentence: string,
     *   lastSeenOpen: number | null, singleSource: boolean, since: number | null, changes: number | null, next: string | null}}
     */
    of(venue, day) {
      const r = this.runAt(venue, day);
      if (r < 0) return {...NOTHING};
      const [status, reason, claimsFor, against, sentence, lastSeenOpen, single] = this.venues[venue].answers[this.answer[r]];
      let first = r;
      while (first > this.firstRun[venue] && this.runStatus[first - 1] === status) first -= 1;
      let next = r + 1;
      while (next < this.firstRun[venue + 1] && this.runStatus[next] === status) next += 1;
      const ends = next < this.firstRun[venue + 1];
      return {
        index: this.answer[r], status: this.codes[status], reason, for: claimsFor, against, singleSource: Boolean(single),
        sentence: outposts.sentence(this.data, sentence),
        // The build gives the last day of the whole run; nobody had seen it on a day to come.
        lastSeenOpen: lastSeenOpen === null ? null : Math.min(lastSeenOpen, day),
        since: this.starts[first] === BEGINNING ? null : this.starts[first],
        changes: ends ? this.starts[next] : null,
        next: ends ? this.codes[this.runStatus[next]] : null,
      };
    }

    /**
     * A venue's runs of one status and reason; the end is exclusive, null stands for no bound.
     * @param {number} venue
     * @returns {{start: number | null, end: number | null, status: string, reason: number}[]}
     */
    history(venue) {
      const runs = [];
      for (let r = this.firstRun[venue]; r < this.firstRun[venue + 1]; r += 1) {
        runs.push({
          start: this.starts[r] === BEGINNING ? null : this.starts[r],
          end: r + 1 < this.firstRun[venue + 1] ? this.starts[r + 1] : null,
          status: this.codes[this.runStatus[r]],
          reason: this.venues[venue].answers[this.answer[r]][1],
        });
      }
      return runs;
    }

    /**
     * Which statuses each venue had on some day of a range.
     * @param {number} first
     * @param {number} last included
     * @returns {Uint8Array} bit i is set for status i
     */
    during(first, last) {
      const bits = new Uint8Array(this.venues.length);
      for (let v = 0; v < bits.length; v += 1) {
        for (let r = this.firstRun[v]; r < this.firstRun[v + 1] && this.starts[r] <= last; r += 1) {
          const end = r + 1 < this.firstRun[v + 1] ? this.starts[r + 1] : END;
          if (end > first) bits[v] |= 1 << this.runStatus[r];
        }
      }
      return bits;
    }

    /**
     * Counts by status on many days at once.
     * @param {number[]} days ascending
     * @param {Uint8Array} passes 1 for each venue that counts
     * @returns {Uint32Array} count of status s on day i at i * codes.length + s
     */
    counts(days, passes) {
      const width = this.codes.length;
      const steps = new Int32Array((days.length + 1) * width);
      const indexOf = (day) => {
        let low = 0;
        let high = days.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (days[middle] < day) low = middle + 1;
          else high = middle;
        }
        return low;
      };
      for (let v = 0; v < passes.length; v += 1) {
        if (!passes[v]) continue;
        for (let r = this.firstRun[v]; r < this.firstRun[v + 1]; r += 1) {
          const status = this.runStatus[r];
          steps[indexOf(this.starts[r]) * width + status] += 1;
          if (r + 1 < this.firstRun[v + 1]) steps[indexOf(this.starts[r + 1]) * width + status] -= 1;
        }
      }
      const counts = new Uint32Array(days.length * width);
      for (let i = 0; i < counts.length; i += 1) counts[i] = steps[i] + (i >= width ? counts[i - width] : 0);
      return counts;
    }
  }

  outposts.Answers = Answers;
})(window.outposts = window.outposts || {});
