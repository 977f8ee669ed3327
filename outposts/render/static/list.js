/**
 * The venues as one list, country by country. Rows are made once, when first shown, and then only change their words.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** Rows made at first, and by each "Show more". */
  const BATCH = 300;
  /** Rows from which those out of sight are not laid out: what is not laid out has no `innerText` either. */
  const LONG = 100;

  class List {
    /**
     * @param {object} data the block `outposts-data`
     * @param {outposts.Answers} answers
     * @param {{choose: function(number): void, point: function(number): void, tell: function(number): string,
     *   later: function(number): string | null}} on
     *   told of a chosen and of a pointed-at venue, -1 for none; tells a venue's status in words, and the status by later
     *   knowledge where it is another
     */
    constructor(data, answers, on) {
      this.data = data;
      this.answers = answers;
      this.on = on;
      /** Made rows by venue, and the countries' heads by code. */
      this.rows = new Array(data.venues.length);
      this.made = 0;
      this.heads = new Map();
      this.limit = BATCH;
      this.selected = -1;
      this.order = Int32Array.from(this.sorted());
      const codes = Object.keys(data.countries);
      this.countries = Int32Array.from(data.venues, (venue) => codes.indexOf(venue.country));
      /** Venues with a row, and a number that tells which rows the last update saw. */
      this.known = [];
      this.round = 0;
      this.list = element("ul", {class: "outposts-list", role: "list", "aria-label": words.text("venues")});
      this.empty = element("p", {class: "outposts-empty", hidden: true});
      this.more = element("button", {type: "button", class: "outposts-button", hidden: true, onclick: () => this.showMore()});
      this.element = element("div", {class: "outposts-venues"}, this.empty, this.list, this.more);
    }

    sorted() {
      const {venues, countries, places} = this.data;
      const {compare} = words;
      const country = (venue) => countries[venue.country] || venue.country;
      const nowhere = (venue) => Number(!Number.isInteger(venue.place));
      const town = (venue) => (nowhere(venue) ? "" : places[venue.place].name);
      return venues.map((_, v) => v).sort((a, b) => {
        const [one, two] = [venues[a], venues[b]];
        return compare(country(one), country(two)) || nowhere(one) - nowhere(two) || compare(town(one), town(two)) || compare(one.name, two.name);
      });
    }

    row(v) {
      const venue = this.data.venues[v];
      const icon = outposts.marks.icon("unknown");
      const status = element("span", {class: "outposts-status"});
      const where = venue.place === null || venue.place === undefined ? words.text("countryOnly") : this.data.places[venue.place].name;
      const strip = element("span", {class: "outposts-strip"});
      const button = element("button", {
        type: "button", class: "outposts-name", onclick: () => this.on.choose(v),
        onfocus: () => this.on.point(v), onblur: () => this.on.point(-1),
      }, venue.name);
      const item = element("li", {class: "outposts-row", onmouseenter: () => this.on.point(v), onmouseleave: () => this.on.point(-1)},
        icon, element("div", {class: "outposts-what"}, button, element("p", null, where, " · ", status)), strip);
      this.list.append(item);
      const row = {item, button, icon, status, strip, code: null, chosen: null, seen: -1, hidden: false, drawn: false};
      this.rows[v] = row;
      this.known.push(v);
      this.made += 1;
      if (this.made === LONG) this.list.classList.add("outposts-long");
      return row;
    }

    head(country) {
      if (!this.heads.has(country)) {
        const counts = element("span", {class: "outposts-quiet"});
        const coverage = this.data.coverage.filter((entry) => entry.country === country);
        this.heads.set(country, {
          counts,
          element: element("div", {class: "outposts-head"},
            element("h2", null, this.data.countries[country] || country, " ", counts),
            coverage.length > 0 && element("details", null,
              element("summary", null, words.text("coverage", {n: coverage.length})),
              coverage.map((entry) => element("p", {lang: "en"}, entry.sentence)))),
        });
      }
      return this.heads.get(country);
    }

    /** Draws the strips anew: other knowledge gives other histories. */
    forget() {
      for (const v of this.known) {
        this.rows[v].strip.replaceChildren();
        this.rows[v].drawn = false;
      }
    }

    /** Marks what was learned later: the mark of the status that is known by now. */
    showLater(row, code) {
      if ((row.later || null) === code) return;
      row.later = code;
      row.sign?.remove();
      if (code === null) return;
      row.sign = element("span", {class: "outposts-sign", role: "img", "aria-label": words.text("laterStatus", {status: words.status(code)}), title: words.text("laterStatus", {status: words.status(code)})},
        outposts.marks.icon(code));
      row.status.after(row.sign);
    }

    showMore() {
      const first = this.order.filter((v) => this.shown[v])[this.limit];
      this.limit += BATCH;
      this.update(this.statuses, this.shown, true);
      this.rows[first].button.focus();
    }

    /**
     * @param {Uint8Array} statuses by venue
     * @param {Uint8Array} shown 1 where the venue is listed
     * @param {boolean} regroup whether other venues are shown than before
     */
    update(statuses, shown, regroup) {
      this.statuses = statuses;
      this.shown = shown;
      const {venues, statuses: codes} = this.data;
      let listed = 0;
      let total = 0;
      let country = null;
      const tallies = new Map();
      let tallied = -1;
      let tally = null;
      const {countries, rows, limit} = this;
      for (const v of this.order) {
        if (!shown[v]) continue;
        total += 1;
        if (countries[v] !== tallied) {
          tallied = countries[v];
          tally = new Uint32Array(codes.length);
          tallies.set(venues[v].country, tally);
        }
        tally[statuses[v]] += 1;
        if (listed === limit) continue;
        listed += 1;
        const row = rows[v] || this.row(v);
        row.seen = this.round;
        const code = codes[statuses[v]];
        if (row.code !== code) {
          row.code = code;
          outposts.marks.setIcon(row.icon, code);
          row.item.className = `outposts-row outposts-is-${code}${v === this.selected ? " outposts-selected" : ""}`;
        }
        const told = this.on.tell(v);
        if (row.told !== told) row.status.textContent = row.told = told;
        this.showLater(row, this.on.later(v));
        if (!row.drawn) row.strip.append(outposts.strip(this.answers.history(v), this.data.span, this.data.reasons));
        row.drawn = true;
        if (row.hidden) row.item.hidden = row.hidden = false;
        if (venues[v].country === country) continue;
        country = venues[v].country;
        const head = this.head(country).element;
        if (head.parentNode !== row.item) row.item.prepend(head);
      }
      for (const v of this.known) {
        const row = rows[v];
        if (row.seen !== this.round && !row.hidden) row.item.hidden = row.hidden = true;
      }
      this.round += 1;
      for (const [code, counted] of tallies) {
        const text = words.counts(counted, codes, " · ");
        const {counts} = this.head(code);
        if (counts.textContent !== text) counts.textContent = text;
      }
      if (regroup && this.made > 1) this.arrange();
      this.empty.hidden = total > 0;
      this.list.hidden = total === 0;
      if (!total) this.empty.textContent = words.text(venues.length ? "noneShown" : "emptyMap");
      this.more.hidden = total <= listed;
      if (!this.more.hidden) this.more.textContent = words.text("showMore", {n: Math.min(BATCH, total - listed)});
    }

    /** Puts late-made rows where they belong. */
    arrange() {
      let before = null;
      for (const v of this.order) {
        const row = this.rows[v];
        if (!row) continue;
        const next = before ? before.nextSibling : this.list.firstChild;
        if (next !== row.item) this.list.insertBefore(row.item, next);
        before = row.item;
      }
    }

    /** Marks the venue whose details are shown, or none for -1. */
    select(venue, reveal) {
      const old = this.rows[this.selected];
      if (old) {
        old.item.classList.remove("outposts-selected");
        old.button.removeAttribute("aria-current");
      }
      this.selected = venue;
      const row = this.rows[venue];
      if (!row) return;
      row.item.classList.add("outposts-selected");
      row.button.setAttribute("aria-current", "true");
      const scrolls = (node) => node.scrollHeight > node.clientHeight + 1 && getComputedStyle(node).overflowY === "auto";
      const scroller = reveal && [this.element, this.element.parentElement].find((node) => node && scrolls(node));
      if (!scroller) return;
      const move = () => {
        const [box, own] = [scroller.getBoundingClientRect(), row.item.getBoundingClientRect()];
        if (own.top < box.top || own.bottom > box.bottom) scroller.scrollTop += own.top - box.top - box.height / 3;
      };
      move();
      // Rows off the screen have their true height only once they are near it.
      requestAnimationFrame(() => requestAnimationFrame(move));
    }

    /** Gives the keyboard back to a venue's button. */
    focus(venue) {
      const row = this.rows[venue];
      if (row && !row.item.hidden) row.button.focus();
    }
  }

  outposts.List = List;
})(window.outposts = window.outposts || {});
