/**
 * What the plugin tells of a venue, unpacked only when it is asked for: names once, details a thousand venues at a time.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  const BETWEEN = "\u001e";
  const AFTER = "\u001d";
  /** Venues of one point that a card lists at first, and with each "more". */
  const BATCH = 100;

  const textOf = async (id) => new TextDecoder().decode(await outposts.block.bytes(id));

  class StatusCard {
    /**
     * @param {string} id of the data's block
     * @param {outposts.StatusRuns} runs
     * @param {function(number): string} label a status's word
     */
    constructor(id, runs, label) {
      this.id = id;
      this.runs = runs;
      this.label = label;
      this.details = {at: -1, columns: []};
      this.text = "";
      this.starts = null;
    }

    /** Unpacks the names: one text and where each begins. @returns {Promise<void>} */
    names() {
      if (!this.unpacked) {
        this.unpacked = textOf(`${this.id}-names`).then((text) => {
          this.starts = new Uint32Array(this.runs.header.venues + 1);
          for (let v = 1, at = 0; v < this.starts.length; v += 1) {
            at = text.indexOf(BETWEEN, at) + 1 || text.length + 1;
            this.starts[v] = at;
          }
          this.text = text;
        });
      }
      return this.unpacked;
    }

    /** A venue's name, once they are unpacked; before, nothing. @returns {string} */
    name(venue) {
      if (this.starts) return this.text.slice(this.starts[venue], this.starts[venue + 1] - 1);
      this.names();
      return "";
    }

    /** The details of a venue, in the order of the header's columns. @returns {Promise<string[]>} */
    async detailsOf(venue) {
      const {details, chunk} = this.runs.header;
      if (!details.length) return [];
      const at = Math.floor(venue / chunk);
      if (this.details.at !== at) {
        const text = await textOf(`${this.id}-${at}`);
        this.details = {at, columns: text.split(AFTER).map((column) => column.split(BETWEEN))};
      }
      return this.details.columns.map((column) => column[venue - at * chunk] || "");
    }

    /** A run in words: "open from 1 March 2011 to 20 March 2020". */
    sentence({start, end, status}) {
      const values = {status: this.label(status), start: start === null ? "" : words.date(start), end: end === null ? "" : words.date(end)};
      const key = start === null ? (end === null ? "historyAlways" : "historyUntil") : end === null ? "historyFrom" : "historyRun";
      return words.text(key, values);
    }

    /** The card of one venue. @returns {Promise<HTMLElement>} */
    async one(venue) {
      await this.names();
      const texts = await this.detailsOf(venue);
      const rows = texts.map((text, i) => text && element("div", null,
        element("dt", null, this.runs.header.details[i]), element("dd", null, element.link(text.trim(), text))));
      return element("div", {class: "outposts-plugin outposts-plugin-card"},
        element("h3", null, this.name(venue)),
        element("ul", null, this.runs.history(venue).map((run) => element("li", null, this.sentence(run)))),
        rows.some(Boolean) && element("dl", null, rows));
    }

    /** The names of many venues, each a button. @returns {Promise<HTMLElement>} */
    async many(venues, choose) {
      await this.names();
      const list = element("ul");
      const more = element("button", {type: "button", onclick: () => add()});
      let made = 0;
      const add = () => {
        const next = venues.slice(made, made + BATCH);
        list.append(...next.map((v) => element("li", null, element("button", {type: "button", onclick: () => choose(v)}, this.name(v) || "–"))));
        if (made) list.children[made].firstChild.focus();
        made += next.length;
        more.hidden = made >= venues.length;
        if (!more.hidden) more.textContent = words.text("showMore", {n: Math.min(BATCH, venues.length - made)});
      };
      add();
      return element("div", {class: "outposts-plugin outposts-plugin-card"},
        element("h3", null, words.text("venueCount", {n: venues.length})), list, more);
    }
  }

  outposts.StatusCard = StatusCard;
})(window.outposts = window.outposts || {});
