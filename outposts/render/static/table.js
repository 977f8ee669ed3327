/**
 * The table under the map, kept in step with it: the shown venues on the shown day, their sources as footnotes. The build
 * wrote it for the first day, so that it is there without JavaScript.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** How long the state must rest before the table follows, in milliseconds. */
  const REST = 400;
  /** Venues up to which it follows; of a larger map it stays what its caption says. */
  const MANY = 1000;

  class Table {
    /**
     * @param {HTMLElement | null} section the build's
     * @param {object} data the block `outposts-data`
     * @param {outposts.Answers} answers
     */
    constructor(section, data, answers) {
      this.section = section;
      this.data = data;
      this.answers = answers;
      this.body = section && data.venues.length <= MANY ? section.querySelector("tbody") : null;
      this.due = null;
    }

    /**
     * Follows a moment later; at once where `now`.
     * @param {Uint8Array} shown 1 where the venue is shown
     * @param {import("./state.js").Values} values
     */
    follow(shown, values) {
      if (!this.body) return;
      this.due = () => this.fill(shown, values);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.now(), REST);
    }

    /** Does what is due. */
    now() {
      clearTimeout(this.timer);
      const {due} = this;
      this.due = null;
      if (due) due();
    }

    fill(shown, values) {
      const {data, section} = this;
      const notes = new Map();
      const town = (venue) => (Number.isInteger(venue.place) ? data.places[venue.place].name : "");
      const country = (venue) => data.countries[venue.country] || venue.country;
      const order = data.venues.map((_, v) => v).filter((v) => shown[v]).sort((a, b) => {
        const [one, two] = [data.venues[a], data.venues[b]];
        return words.compare(country(one), country(two)) || words.compare(town(one), town(two)) || words.compare(one.name, two.name);
      });
      this.body.replaceChildren(...order.map((v) => this.row(v, values.date, [town(data.venues[v]), country(data.venues[v])], notes)));
      const caption = words.text("tableCaption", {date: words.date(values.date), known: words.date(values.known)});
      section.querySelector("caption").textContent = caption;
      section.querySelector(".outposts-table-scroll").setAttribute("aria-label", caption);
      section.querySelector(".outposts-notes").replaceChildren(...[...notes].map(([source, number]) =>
        element("li", {id: `outposts-note-${number}`}, this.note(data.sources[source]))));
    }

    row(v, date, where, notes) {
      const venue = this.data.venues[v];
      const answer = this.answers.of(v, date);
      const sources = new Set([...answer.for, ...answer.against].map((i) => this.data.claims[i].source));
      const marks = [...sources].map((source) => {
        if (!notes.has(source)) notes.set(source, notes.size + 1);
        return element("sup", null, element("a", {href: `#outposts-note-${notes.get(source)}`}, String(notes.get(source))), " ");
      });
      return element("tr", null, element("th", {scope: "row"}, venue.name),
        [words.name("kinds", venue.kind), where.filter(Boolean).join(", "), words.name("precisions", venue.precision), words.name("statuses", answer.status)]
          .map((text) => element("td", null, text)),
        element("td", null, answer.sentence || words.text("noEvidence"), " ", marks));
    }

    note(source) {
      const parts = [source.publisher || source.title, source.publisher && `“${source.title}”`, source.on ? words.when(source.on) : words.text("undated")];
      const link = element.link(source.url, parts.filter(Boolean).join(", "));
      return source.archived ? [link, " · ", element.link(source.archived, words.text("archived"))] : link;
    }

    remove() {
      clearTimeout(this.timer);
    }
  }

  outposts.Table = Table;
})(window.outposts = window.outposts || {});
