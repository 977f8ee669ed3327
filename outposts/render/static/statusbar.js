/**
 * The bar of `outposts.statusTimeline` along the map's foot: play, the day, the statuses, and a slider over the histogram.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;
  const STEPS = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12};
  const symbol = (d) => element.svg("svg", {viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false"}, element.svg("path", {d, fill: "currentColor"}));
  const PLAY = "M6.5 4.2v11.6L16 10z";
  const PAUSE = "M5.5 4.5h3.2v11H5.5zM11.3 4.5h3.2v11h-3.2z";

  class StatusBar {
    /**
     * @param {outposts.StatusRuns} runs
     * @param {string[]} codes of the statuses, as `marks` knows them
     * @param {function(number): string} label a status's word
     * @param {{changed: function(number, number): void, list: function(): void}} on told of the day and the shown statuses' bits; asked for the list
     */
    constructor(runs, codes, label, on) {
      this.runs = runs;
      this.codes = codes;
      this.label = label;
      this.on = on;
      [this.first, this.last] = runs.header.span;
      this.day = runs.header.on;
      this.bits = 2 ** codes.length - 1;
      this.element = this.build();
      this.player = new outposts.Player(() => this.step(), (playing) => this.playing(playing));
      this.player.drive(this.button);
      this.histogram = new outposts.Histogram(this.canvas, {statuses: codes, span: [this.first, this.last], events: [], stack: this.stack()});
      this.months = runs.counts(this.histogram.days);
      this.observer = new ResizeObserver(() => this.draw());
      this.observer.observe(this.canvas);
    }

    /** What the histogram stacks: all but what is gone or unknown, unless there is nothing else. */
    stack() {
      const {statuses} = this.runs.header;
      const gone = (status) => status.known && ["closed", "unknown", "not-yet-open"].includes(status.code);
      const standing = this.codes.filter((_, s) => !gone(statuses[s]));
      return standing.length ? standing : this.codes;
    }

    build() {
      const {unplaced} = this.runs.header;
      this.button = element("button", {type: "button", class: "outposts-plugin-play", "aria-label": words.text("play")}, symbol(PLAY));
      this.words = element("b", {"aria-hidden": "true"});
      this.summary = element("p", {role: "status"});
      this.boxes = this.codes.map((code, s) => this.box(code, s));
      this.canvas = element("canvas", {"aria-hidden": "true"});
      this.slider = element("input", {
        type: "range", min: this.first, max: this.last, step: 1, "aria-label": words.text("date"),
        oninput: () => this.set(Number(this.slider.value)), onkeydown: (event) => this.key(event),
      });
      const id = element.id();
      this.typed = element("input", {
        type: "date", id, min: day.iso(this.first), max: day.iso(this.last), required: true,
        onchange: () => {
          const value = day.read(this.typed.value);
          if (value !== null && this.typed.validity.valid) this.set(value);
        },
        onblur: () => (this.typed.value = day.iso(this.day)),
      });
      const more = unplaced.count - unplaced.names.length;
      const gone = unplaced.count > 0 && element("details", null,
        element("summary", null, words.text("unplaced", {n: unplaced.count})),
        element("ul", null, unplaced.names.map((name) => element("li", null, name || "–")), more > 0 && element("li", null, `+${more}`)));
      return element("section", {class: "outposts-plugin outposts-plugin-bar", "aria-label": words.text("timeline")},
        element("div", {class: "outposts-plugin-row"}, this.button, element("div", {class: "outposts-plugin-when"}, this.words, this.summary),
          element("div", {class: "outposts-plugin-chips", role: "group", "aria-label": words.text("statuses")}, this.boxes.map((box) => box.element)),
          element("button", {type: "button", onclick: () => this.on.list()}, words.text("venues")),
          element("label", {for: id}, words.text("goToDate")), this.typed, gone),
        element("div", {class: "outposts-plugin-track"}, this.canvas, this.slider));
    }

    box(code, s) {
      const [id, described] = [element.id(), element.id()];
      const input = element("input", {type: "checkbox", id, checked: true, "aria-describedby": described, onchange: () => {
        this.bits = (this.bits ^ (1 << s)) >>> 0;
        this.draw();
        this.set(this.day);
      }});
      const count = element("span", {id: described});
      const mark = element("canvas", {width: 32, height: 32, "aria-hidden": "true"});
      return {count, mark, element: element("span", {class: "outposts-plugin-chip"}, input, mark, element("label", {for: id}, this.label(s, true)), count)};
    }

    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const flip = getComputedStyle(this.slider).direction === "rtl" && /Left|Right/.test(event.key) ? -1 : 1;
      let to;
      if (event.key in STEPS) to = day.addMonths(this.day, flip * STEPS[event.key]);
      else if (event.key === "Home") to = this.first;
      else if (event.key === "End") to = this.last;
      else return;
      event.preventDefault();
      this.set(to);
    }

    /** One step of playing: the next month's first day; from the end it starts over. */
    step() {
      const {year, month} = day.fields(this.day);
      this.set(!this.started && this.day >= this.last ? this.first : day.of(year, month + 1, 1));
      this.started = true;
      return this.day < this.last;
    }

    playing(on) {
      this.started = false;
      this.button.setAttribute("aria-label", words.text(on ? "pause" : "play"));
      this.button.replaceChildren(symbol(on ? PAUSE : PLAY));
      this.summary.setAttribute("aria-live", on ? "off" : "polite");
    }

    /** Moves the day, held inside the span. */
    set(to) {
      this.day = Math.min(Math.max(to, this.first), this.last);
      this.on.changed(this.day, this.bits);
    }

    /** Says what is shown. @param {Uint32Array} counts by status */
    show(counts) {
      const date = words.date(this.day);
      this.words.textContent = date;
      this.slider.value = this.day;
      this.slider.setAttribute("aria-valuetext", date);
      if (document.activeElement !== this.typed) this.typed.value = day.iso(this.day);
      this.boxes.forEach(({count}, s) => {
        if (count.textContent !== String(counts[s])) count.textContent = counts[s];
      });
      const parts = this.counted(counts.map((count, s) => ((this.bits >> s) & 1 ? count : 0)));
      this.summary.textContent = (parts || words.text("noVenues")) + words.text("summaryOn", {date});
    }

    /** Counts in words: "2 open, 6 closed". */
    counted(counts) {
      return this.codes.map((_, s) => counts[s] && words.text("count", {n: counts[s], status: this.label(s)})).filter(Boolean).join(words.table("lists").and[0]);
    }

    /** Draws what depends on size, colours and chosen statuses, not on the day. */
    draw() {
      const style = getComputedStyle(this.element);
      const plate = style.getPropertyValue("--outposts-plate");
      this.boxes.forEach(({mark}, s) => outposts.marks.draw(mark.getContext("2d"), this.codes[s], 16, 16, 13, plate));
      this.histogram.show({counts: this.months, status: this.bits, known: Infinity, compare: null, period: null});
    }

    remove() {
      this.player.remove();
      this.observer.disconnect();
      this.element.remove();
    }
  }

  outposts.StatusBar = StatusBar;
})(window.outposts = window.outposts || {});
