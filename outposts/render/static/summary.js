/**
 * The one sentence that says what is shown: a live region, so that a screen reader hears it change.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;

  class Summary {
    /** @param {object} data the block `outposts-data` */
    constructor(data) {
      this.data = data;
      this.counts = element("span");
      this.day = element("span", {class: "outposts-unseen"});
      this.rest = element("span");
      this.more = element("span", {class: "outposts-unseen"});
      this.element = element("p", {class: "outposts-summary", role: "status"}, this.counts, this.day, this.rest, this.more);
    }

    /**
     * @param {ArrayLike<number>} counts of the shown venues, by status
     * @param {import("./state.js").Values} values
     * @param {string} [more] what else is to be said
     * @param {string} [heard] what else is to be heard and copied, but stands elsewhere on the screen
     */
    update(counts, values, more, heard) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const parts = [
        total ? words.counts(counts, this.data.statuses) : words.text("noVenues"),
        words.text("summaryOn", {date: words.date(values.date)}),
        (values.known === this.data.known ? "" : words.text("summaryKnown", {known: words.date(values.known)}))
          + this.during(values) + (more || ""),
      ];
      parts.push(heard || "");
      [this.counts, this.day, this.rest, this.more].forEach((span, i) => {
        if (span.textContent !== parts[i]) span.textContent = parts[i];
      });
    }

    /** What the chosen year or range adds: ", of those that were open or disputed on some day of 2019". */
    during(values) {
      const {status, year} = values;
      const period = outposts.State.period(values, this.data.span);
      if (!period) return "";
      const [from, to] = period.map((end) => words.date(end));
      const codes = this.data.statuses.filter((code) => code !== "not-yet-open");
      const chosen = codes.filter((_, i) => (status >> i) & 1);
      if (chosen.length === codes.length) return words.text(year === null ? "summaryAnyRange" : "summaryAnyYear", {year, from, to});
      return words.text(year === null ? "summaryRange" : "summaryYear", {year, from, to, statuses: chosen.map((code) => words.status(code)).join(words.text("orList"))});
    }

    get text() {
      return this.element.textContent;
    }
  }

  outposts.Summary = Summary;
})(window.outposts = window.outposts || {});
