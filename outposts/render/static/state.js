/**
 * What the reader chose, and the same as the address's fragment: one table says how each key is read and written.
 * The query string gives starting values with the same keys; the fragment wins.
 */
(function (outposts) {
  "use strict";

  const {day} = outposts;

  /**
   * @typedef {object} Values
   * @property {number} date
   * @property {number} status bit i is set where status i is shown
   * @property {string} country "" for all
   * @property {string} kind "" for all
   * @property {number | null} year
   * @property {number | null} from the range's first day; the span's where null
   * @property {number | null} to the range's last day, included
   * @property {number | null} compare the day that the shown one is compared with
   * @property {string} q
   * @property {string | null} venue
   * @property {number} known
   * @property {number | null} z
   * @property {[number, number] | null} c latitude, longitude
   * @property {string} lang
   */

  /** Browsers allow about a hundred changes of the address in half a minute: few at once, then fewer. Milliseconds. */
  const WINDOW = 30000;
  const BRISK = {count: 60, wait: 80};
  const SLOW = 1000;
  /** How long a moving value must rest before it is written. */
  const REST = 250;

  const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
  /** A day of the address: ISO, or an end of what there is. */
  function readDay(text, earliest, latest) {
    if (text === "latest") return latest;
    if (text === "earliest") return earliest;
    const found = day.read(text);
    return found === null ? undefined : found;
  }

  /** A day inside the span, or none: a key that is empty at first. */
  const OPTIONAL_DAY = {
    start: () => null,
    read(text, {span}) {
      if (text === "") return null;
      const found = readDay(text, ...span);
      return found === undefined ? undefined : clamp(found, span);
    },
    write: (value) => (value === null ? "" : day.iso(value)),
  };

  const among = (text, list) => (text === "" || list.includes(text) ? text : undefined);

  /** key -> how its text is read (undefined: not understood), written, and where it starts. */
  const KEYS = {
    date: {
      start: (context) => context.on,
      read(text, context) {
        const found = readDay(text, ...context.span);
        return found === undefined ? undefined : clamp(found, context.span);
      },
      write: day.iso,
    },
    status: {
      start: (context) => (1 << context.statuses.length) - 1,
      read(text, context) {
        if (text === "none") return 0;
        const indices = text.split(",").map((code) => context.statuses.indexOf(code.trim()));
        return indices.includes(-1) ? undefined : indices.reduce((bits, i) => bits | (1 << i), 0);
      },
      write: (bits, context) => context.statuses.filter((_, i) => (bits >> i) & 1).join(",") || "none",
    },
    country: {start: () => "", read: (text, context) => among(text.toUpperCase(), context.countries), write: String},
    kind: {start: () => "", read: (text, context) => among(text, context.kinds), write: String},
    year: {
      start: () => null,
      read(text, context) {
        if (text === "") return null;
        return context.years.includes(Number(text)) ? Number(text) : undefined;
      },
      write: (year) => (year === null ? "" : String(year)),
    },
    from: OPTIONAL_DAY,
    to: OPTIONAL_DAY,
    compare: OPTIONAL_DAY,
    q: {start: () => "", read: (text) => text.slice(0, 200), write: String},
    venue: {
      start: () => null,
      read: (text, context) => (text === "" ? null : context.venues.has(text) ? text : undefined),
      write: (id) => id || "",
    },
    known: {
      start: (context) => context.known,
      read: (text, context) => readDay(text, context.earliestKnown, context.known),
      write: day.iso,
    },
    z: {
      start: () => null,
      read: (text) => (/^\d{1,2}(\.\d+)?$/.test(text) && Number(text) <= 24 ? Number(text) : undefined),
      write: (z) => (z === null ? "" : String(Math.round(z * 100) / 100)),
    },
    c: {
      start: () => null,
      read(text) {
        const numbers = text.split(",").map(Number);
        const fine = /^[-\d.]+,[-\d.]+$/.test(text) && Math.abs(numbers[0]) <= 90 && Math.abs(numbers[1]) <= 360;
        return fine ? numbers : undefined;
      },
      write: (c) => (c === null ? "" : c.map((number) => Math.round(number * 1000) / 1000).join(",")),
    },
    lang: {
      start: (context) => context.lang,
      read: (text, context) => (context.languages.includes(text) ? text : undefined),
      write: String,
    },
  };

  /** What pym.js adds to the query of a page that it frames: not the reader's words. */
  const FRAMING = ["childId", "initialWidth", "parentTitle", "parentUrl"];

  /** Holds the values, tells listeners which keys changed, and writes the fragment a moment later. */
  class State {
    /** @param {object} context what is valid: span, on, known, earliestKnown, statuses, countries, kinds, years, venues, languages, lang */
    constructor(context) {
      this.context = context;
      this.listeners = new Set();
      this.written = [];
      /** @type {Values} */
      this.values = {};
      for (const key of Object.keys(KEYS)) this.values[key] = KEYS[key].start(context);
      this.base = {...this.values};
      /** The values that the page was built with. */
      this.start = this.base;
    }

    /** Reads the address, query before fragment. @returns {string[]} the parts that were not understood */
    readAddress() {
      const refused = [];
      this.late = false;
      this.hash = window.location.hash;
      const asked = new URLSearchParams(window.location.search);
      for (const key of FRAMING) asked.delete(key);
      const query = this.parse(Object.fromEntries(asked), refused);
      this.base = {...this.base, ...query};
      const fragment = this.parse(fragmentKeys(), refused);
      this.values = {...this.base, ...fragment};
      return refused;
    }

    /** Reads texts by key into values; what is not understood is named in `refused`. */
    parse(texts, refused) {
      const values = {};
      for (const [key, text] of Object.entries(texts)) {
        const value = Object.hasOwn(KEYS, key) ? KEYS[key].read(String(text), this.context) : undefined;
        if (value === undefined) refused.push(`${key}=${text}`);
        else values[key] = value;
      }
      return values;
    }

    /**
     * Changes values, tells the listeners which ones differ, and remembers them in the address.
     * @param {Partial<Values>} values
     * @param {boolean} [moving] whether more will follow at once: then the address waits for the last
     */
    set(values, moving) {
      const changed = new Set();
      for (const [key, value] of Object.entries(values)) {
        if (String(value) !== String(this.values[key])) changed.add(key);
      }
      if (!changed.size) return;
      this.values = {...this.values, ...values};
      for (const listener of this.listeners) listener(changed);
      if (moving) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.write(), REST);
      } else if (this.timer !== undefined) this.late = true;
      else this.write();
    }

    /** @param {function(Set<string>): void} listener */
    on(listener) {
      this.listeners.add(listener);
    }

    /** @param {function(Set<string>): void} listener */
    off(listener) {
      this.listeners.delete(listener);
    }

    /** The values as texts: the day always, the others where they differ from the page's own start. */
    texts() {
      const texts = {};
      for (const key of Object.keys(KEYS)) {
        const text = KEYS[key].write(this.values[key], this.context);
        if (key === "date" || text !== KEYS[key].write(this.base[key], this.context)) texts[key] = text;
      }
      return texts;
    }

    /** The fragment that stands for the values, with or without further ones. */
    fragment(more) {
      const texts = {...this.texts(), ...more};
      return "#" + Object.entries(texts).map(([key, text]) => `${key}=${encodeURIComponent(text).replace(/%2C/g, ",")}`).join("&");
    }

    /** Puts the fragment into the address; pages that have none of their own (srcdoc) do without. */
    write() {
      clearTimeout(this.timer);
      const now = Date.now();
      this.late = false;
      this.written = this.written.filter((time) => now - time < WINDOW);
      this.written.push(now);
      this.timer = setTimeout(() => {
        this.timer = undefined;
        if (this.late) this.write();
      }, this.written.length < BRISK.count ? BRISK.wait : SLOW);
      // Another hash than the last one is a link just followed: it is about to be read, not overwritten.
      // Where it is a place on the page and no state, this write follows.
      if (window.location.hash !== this.hash) {
        this.late = true;
        return;
      }
      try {
        window.history.replaceState(window.history.state, "", this.fragment());
        this.hash = window.location.hash;
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
    }
  }

  function fragmentKeys() {
    const text = window.location.hash.slice(1);
    return text.includes("=") ? Object.fromEntries(new URLSearchParams(text)) : {};
  }

  /**
   * The period on some day of which a venue must have a chosen status: the year, else the range.
   * @param {Values} values
   * @param {[number, number]} span stands in for an end that is not given
   * @returns {[number, number] | null} first and last day, both included; null where any day will do
   */
  State.period = function ({year, from, to}, span) {
    if (year !== null) return [day.of(year, 1, 1), day.of(year, 12, 31)];
    if (from === null && to === null) return null;
    const ends = [from === null ? span[0] : from, to === null ? span[1] : to];
    return ends[0] <= ends[1] ? ends : ends.reverse();
  };

  outposts.State = State;
})(window.outposts = window.outposts || {});
