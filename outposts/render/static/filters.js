/**
 * What to show: statuses, words, country, kind, year.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** The Year box's choice of a range. */
  const RANGE = "range";

  class Filters {
    /**
     * @param {outposts.State} state
     * @param {{statuses: string[], countries: Object<string, string>, kinds: string[], years: number[], span: [number, number]}} choices
     * @param {HTMLElement | null} more what else stands at the foot of the filters
     */
    constructor(state, choices, more) {
      this.state = state;
      this.statuses = choices.statuses.map((code, bit) => this.statusBox(code, bit));
      const id = element.id();
      this.search = element("input", {
        type: "search", id, placeholder: words.text("searchHint"), autocomplete: "off", spellcheck: "false",
        oninput: () => state.set({q: this.search.value}),
      });
      const countries = Object.entries(choices.countries).sort((a, b) => words.compare(a[1], b[1]));
      this.choices = {
        country: this.choice("country", words.text("allCountries"), countries),
        kind: this.choice("kind", words.text("allKinds"), choices.kinds.map((kind) => [kind, words.name("kinds", kind)])),
        year: this.choice("year", words.text("anyYear"), choices.years.map((year) => [String(year), String(year)])),
      };
      // What the Year box shows while a range stands in its place; it is chosen by the button.
      this.choices.year.select.append(element("option", {value: RANGE, hidden: true}, words.text("aRange")));
      this.ranger = element("button", {type: "button", class: "outposts-link", onclick: () => this.choosePeriod(this.range.hidden ? RANGE : "")}, words.text("aRange"));
      this.from = outposts.dateField(words.text("from"), choices.span, (value) => state.set({from: value, year: null}), true);
      this.to = outposts.dateField(words.text("to"), choices.span, (value) => state.set({to: value, year: null}), true);
      this.range = element("div", {class: "outposts-choices outposts-range", role: "group", "aria-label": words.text("aRange"), hidden: true}, this.from.field, this.to.field);
      this.clear = element("button", {type: "button", class: "outposts-link", hidden: true, onclick: () => this.reset()}, words.text("clearFilters"));
      this.element = element("div", {class: "outposts-filters", role: "group", "aria-label": words.text("filters")},
        element("div", {class: "outposts-chips", role: "group", "aria-label": words.text("statuses")}, this.statuses.map((box) => box.element)),
        element("div", {class: "outposts-search"}, element("label", {for: id, class: "outposts-unseen"}, words.text("searchVenues")), this.search),
        element("div", {class: "outposts-choices"}, Object.values(this.choices).map((choice) => choice.element)),
        this.range,
        element("div", {class: "outposts-ways"}, this.ranger, this.clear, more));
    }

    statusBox(code, bit) {
      const [id, described] = [element.id(), element.id()];
      const input = element("input", {
        type: "checkbox", id, "aria-describedby": described,
        onchange: () => this.state.set({status: this.state.values.status ^ (1 << bit)}),
      });
      const count = element("span", {"aria-hidden": "true", class: "outposts-count"});
      const description = element("span", {id: described, class: "outposts-unseen"});
      return {
        input, count, description, bit,
        element: element("div", {class: "outposts-chip"}, input, outposts.marks.icon(code),
          element("label", {for: id}, words.name("statuses", code)), count, description),
      };
    }

    choice(key, all, options) {
      const id = element.id();
      const select = element("select", {
        id,
        onchange: () => (key === "year" ? this.choosePeriod(select.value) : this.state.set({[key]: select.value})),
      }, element("option", {value: ""}, all), options.map(([value, label]) => element("option", {value}, label)));
      return {select, element: element("div", {class: "outposts-field"}, element("label", {for: id}, words.text(key)), select)};
    }

    /** Any day, a year, or a range, which begins as the year before the shown day. */
    choosePeriod(value) {
      const {date} = this.state.values;
      const range = value === RANGE;
      this.state.set({
        year: value && !range ? Number(value) : null,
        from: range ? Math.max(outposts.day.addMonths(date, -12), this.state.context.span[0]) : null,
        to: range ? date : null,
      });
    }

    reset() {
      const all = this.statuses.reduce((bits, box) => bits | (1 << box.bit), 0);
      this.state.set({status: all, q: "", country: "", kind: "", year: null, from: null, to: null});
      this.search.focus();
    }

    /**
     * Follows the state.
     * @param {ArrayLike<number>} counts by status, of the venues that pass all other filters
     */
    update(counts) {
      const {status, q, country, kind, year, from, to} = this.state.values;
      const range = year === null && (from !== null || to !== null);
      let all = true;
      for (const box of this.statuses) {
        box.input.checked = Boolean((status >> box.bit) & 1);
        all = all && box.input.checked;
        const count = String(counts[box.bit]);
        if (box.count.textContent === count) continue;
        box.count.textContent = count;
        box.description.textContent = words.text("venueCount", {n: counts[box.bit]});
      }
      if (this.search.value !== q) this.search.value = q;
      this.choices.country.select.value = country;
      this.choices.kind.select.value = kind;
      this.choices.year.select.value = range ? RANGE : year === null ? "" : String(year);
      this.range.hidden = !range;
      this.ranger.setAttribute("aria-expanded", String(range));
      this.from.show(from);
      this.to.show(to);
      for (const {select} of Object.values(this.choices)) select.classList.toggle("outposts-chosen", select.value !== "");
      this.clear.hidden = all && !q && !country && !kind && year === null && !range;
    }
  }

  outposts.Filters = Filters;
})(window.outposts = window.outposts || {});
