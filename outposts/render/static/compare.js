/**
 * Two days compared: what opened, closed or became disputed between them, as a card beside the map.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** Kinds of change, in the order of the card; a pair of statuses has one of them, or none. */
  const CHANGES = ["opened", "closed", "disputed", "suspended", "settled", "lost"];
  /** Venues named under each kind. */
  const LISTED = 100;

  const plain = (code) => (code === "presumed-open" ? "open" : code);

  /**
   * What a change from one status to another is called. Where nothing was known before, nobody saw it open or close.
   * @param {string} before
   * @param {string} now
   * @returns {string} of CHANGES, or "" for no change
   */
  function changeOf(before, now) {
    const [old, status] = [plain(before), plain(now)];
    if (old === status) return "";
    if (status === "open") return old === "unknown" || old === "disputed" ? "settled" : "opened";
    if (status === "closed") return old === "unknown" ? "settled" : "closed";
    return CHANGES.includes(status) ? status : "lost";
  }

  class Compare {
    /**
     * @param {object} data the block `outposts-data`
     * @param {{choose: function(number): void, set: function(number): void, close: function(): void}} on
     *   told of a chosen venue, of another day to compare with, and of the end
     */
    constructor(data, on) {
      this.data = data;
      this.on = on;
      const codes = data.statuses;
      /** Kind of change by status before and after: 0 for none, else its place in CHANGES counted from 1. */
      this.table = codes.map((before) => Uint8Array.from(codes, (now) => CHANGES.indexOf(changeOf(before, now)) + 1));
      this.field = outposts.dateField(words.text("compareWith"), data.span, (value) => on.set(value));
      this.days = element("p", {class: "outposts-quiet"});
      this.lists = element("div", {class: "outposts-changes"});
      this.same = element("p", {class: "outposts-quiet"});
      this.title = element("h2", {tabindex: -1}, words.text("compared"));
      this.element = element("section", {class: "outposts-details outposts-compare", "aria-label": words.text("compared"), hidden: true},
        element("header", null, this.title, element.closeButton(words.text("stopComparing"), () => on.close()), this.days),
        this.field.field, this.lists, this.same);
      this.element.addEventListener("keydown", (event) => {
        if (event.key === "Escape") on.close();
      });
    }

    /**
     * The kind of change of each venue.
     * @param {Uint8Array} before statuses by venue on the earlier day
     * @param {Uint8Array} now on the later day
     * @returns {Uint8Array} 0 for none
     */
    changes(before, now) {
      return before.map((code, v) => this.table[code][now[v]]);
    }

    /** Counts in words: "2 opened, 6 closed". @param {Uint8Array} changes @param {Uint8Array} shown */
    text(changes, shown) {
      const counts = new Uint32Array(CHANGES.length + 1);
      changes.forEach((kind, v) => (counts[kind] += shown[v]));
      const parts = CHANGES.map((kind, i) => (counts[i + 1] ? `${counts[i + 1]} ${words.phrase("changes", kind)}` : "")).filter(Boolean);
      return parts.join(", ") || words.text("nothingChanged");
    }

    /**
     * @param {{days: [number, number], compare: number, before: Uint8Array, now: Uint8Array, changes: Uint8Array}} pair
     *   the earlier and the later day, the one compared with, statuses on both, kinds of change
     * @param {Uint8Array} shown 1 where a change is shown
     * @param {number} unchanged how many pass the filters and did not change
     */
    show({days, compare, before, now, changes}, shown, unchanged) {
      this.element.hidden = false;
      this.field.show(compare);
      this.days.textContent = days[0] === days[1] ? words.text("sameDay") : words.text("comparedDays", {from: words.date(days[0]), to: words.date(days[1])});
      this.same.textContent = words.text("unchanged", {n: unchanged});
      const members = CHANGES.map(() => []);
      changes.forEach((kind, v) => kind && shown[v] && members[kind - 1].push(v));
      this.lists.replaceChildren(...members.flatMap((venues, i) => (venues.length ? [this.part(CHANGES[i], venues, before, now)] : [])));
    }

    part(kind, venues, before, now) {
      const rest = venues.length - LISTED;
      return element("section", null,
        element("h3", null, `${words.name("changes", kind)}: ${venues.length}`),
        element("ul", {class: "outposts-members"}, venues.slice(0, LISTED).map((v) => this.row(v, before[v], now[v]))),
        rest > 0 && element("p", {class: "outposts-quiet"}, words.text("andVenues", {n: rest})));
    }

    row(v, before, now) {
      const {venues, places, statuses, countries} = this.data;
      const venue = venues[v];
      const where = venue.place === null || venue.place === undefined ? countries[venue.country] : places[venue.place].name;
      const told = words.text("nowAndBefore", {now: words.status(statuses[now]), before: words.status(statuses[before])});
      return element("li", null, outposts.marks.icon(statuses[now]),
        element("div", {class: "outposts-what"},
          element("button", {type: "button", class: "outposts-link", onclick: () => this.on.choose(v)}, venue.name),
          element("p", null, where, " · ", told)));
    }

    hide() {
      this.element.hidden = true;
      this.lists.replaceChildren();
    }

    /** Puts the keyboard on the card's title. */
    focus() {
      this.title.focus({preventScroll: true});
    }
  }

  Compare.changeOf = changeOf;
  outposts.Compare = Compare;
})(window.outposts = window.outposts || {});
