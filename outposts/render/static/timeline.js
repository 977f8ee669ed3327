/**
 * The bar under the map: the day as a slider over the histogram, as a typed date, and the day of knowledge.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;

  /** Months that a key moves the day by; arrows turn round in right-to-left pages. */
  const STEPS = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12};

  class Timeline {
    /**
     * @param {object} data the block `outposts-data`
     * @param {outposts.State} state
     * @param {HTMLElement} summary the live region, shown beside the day
     * @param {HTMLElement[]} [actions] what else stands at the bar's end
     */
    constructor(data, state, summary, actions) {
      this.data = data;
      this.state = state;
      this.summary = summary;
      this.actions = actions || [];
      this.element = this.build();
      this.histogram = new outposts.Histogram(this.canvas, data);
      this.player = new outposts.Player(() => this.play(), (playing) => this.playing(playing));
      this.player.drive(this.button);
      this.observer = new ResizeObserver(() => this.histogram.draw());
      this.observer.observe(this.canvas);
    }

    build() {
      const {span} = this.data;
      this.button = element("button", {class: "outposts-play", type: "button", "aria-label": words.text("play")}, playIcon());
      this.words = element("p", {class: "outposts-day", "aria-hidden": "true"});
      this.slider = element("input", {
        type: "range", class: "outposts-slider", min: span[0], max: Math.max(span[1], span[0]), step: 1, "aria-label": words.text("date"),
        oninput: () => this.state.set({date: Number(this.slider.value)}, true),
        onchange: () => this.state.write(),
        onkeydown: (event) => this.key(event),
        onpointermove: (event) => this.tell(event.offsetX),
        onpointerleave: () => (this.tip.hidden = true),
      });
      this.canvas = element("canvas", {class: "outposts-histogram", "aria-hidden": "true"});
      this.tip = element("div", {class: "outposts-tip", "aria-hidden": "true", hidden: true});
      this.typed = outposts.dateField(words.text("goToDate"), span, (value) => this.state.set({date: value}));
      this.known = outposts.dateField(words.text("asKnownOn"), null, (value) => this.state.set({known: value}));
      this.speed = element("select", {id: element.id(), onchange: () => (this.player.speed = this.speed.value)},
        outposts.Player.SPEEDS.map((speed) => element("option", {value: speed, selected: speed === "normal"}, words.text(speed))));
      return element("section", {class: "outposts-timeline", "aria-label": words.text("timeline")},
        element("div", {class: "outposts-clock"}, this.button, element("div", {class: "outposts-when"}, this.words, this.summary)),
        element("div", {class: "outposts-dates"},
          this.typed.field, this.known.field,
          element("div", {class: "outposts-field outposts-speed"}, element("label", {for: this.speed.id}, words.text("speed")), this.speed),
          element("div", {class: "outposts-actions"}, this.actions, this.eventList())),
        element("div", {class: "outposts-track"}, this.canvas, this.slider, this.tip));
    }

    /** The events in full, for those who cannot see or reach the flags. */
    eventList() {
      const {events, sources} = this.data;
      if (!events.length) return null;
      const items = events.map((event) => {
        const source = event.source === null || event.source === undefined ? null : sources[event.source];
        const jump = event.first === null ? null : Math.min(Math.max(event.first, this.data.span[0]), this.data.span[1]);
        return element("li", null,
          jump === null ? element("b", null, words.when(event.on))
            : element("button", {type: "button", class: "outposts-link", onclick: () => this.state.set({date: jump})}, words.when(event.on)),
          element("p", {lang: "en"}, event.label),
          event.text && element("p", {class: "outposts-quiet", lang: "en"}, event.text),
          element("p", {class: "outposts-quiet"}, words.name("eventKinds", event.kind), source && [" · ", element.link(source.url, source.publisher || source.title)]));
      });
      return outposts.popover(words.text("events"), element("ol", {tabindex: 0, "aria-label": words.text("events")}, items));
    }

    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const {span} = this.data;
      const {date} = this.state.values;
      const flip = getComputedStyle(this.slider).direction === "rtl" && /Left|Right/.test(event.key) ? -1 : 1;
      let to;
      if (event.key in STEPS) to = day.addMonths(date, flip * STEPS[event.key]);
      else if (event.key === "Home") to = span[0];
      else if (event.key === "End") to = span[1];
      else return;
      event.preventDefault();
      this.state.set({date: Math.min(Math.max(to, span[0]), span[1])});
    }

    /** One step of playing: the next month's first day; from the end it starts over. */
    play() {
      const {span} = this.data;
      const {date} = this.state.values;
      const over = !this.started && date >= span[1];
      this.started = true;
      const {year, month} = day.fields(date);
      this.state.set({date: over ? span[0] : Math.min(day.of(year, month + 1, 1), span[1])}, true);
      return this.state.values.date < span[1];
    }

    playing(on) {
      this.started = false;
      this.button.setAttribute("aria-label", words.text(on ? "pause" : "play"));
      this.button.replaceChildren(on ? pauseIcon() : playIcon());
      this.summary.setAttribute("aria-live", on ? "off" : "polite");
    }

    /** Says what lies under the pointer: the events, or the month and its counts. */
    tell(x) {
      const {content} = this.histogram;
      const width = this.canvas.clientWidth - 2 * outposts.Histogram.INSET;
      const share = (x - outposts.Histogram.INSET) / width;
      this.tip.hidden = !content || share < 0 || share > 1;
      if (this.tip.hidden) return;
      const events = this.histogram.eventsAt(x);
      const at = this.data.span[0] + share * (this.data.span[1] - this.data.span[0]);
      const month = this.histogram.days.findLastIndex((first) => first <= at);
      const codes = this.data.statuses;
      const counts = content.counts.subarray(month * codes.length, (month + 1) * codes.length);
      const lines = events.map((event) => element("p", null, element("b", null, words.when(event.on)), ` ${event.label}`));
      lines.push(element("p", null, element("b", null, words.month(this.histogram.days[month])), ` ${words.counts(counts, codes)}`));
      this.tip.replaceChildren(...lines);
      const left = Math.min(Math.max(x - this.tip.offsetWidth / 2, 4), this.canvas.clientWidth - this.tip.offsetWidth - 4);
      this.tip.style.transform = `translate(${left}px, -100%)`;
    }

    /** Follows the state; `counts` only where they changed. */
    update(counts) {
      const {date, known, status, compare} = this.state.values;
      const text = words.date(date);
      if (this.words.textContent !== text) this.words.textContent = text;
      this.slider.value = date;
      this.slider.setAttribute("aria-valuetext", text);
      this.typed.show(date);
      this.known.show(known);
      this.known.field.classList.toggle("outposts-moved", known !== this.data.known);
      if (counts) this.histogram.show({counts, status, known, compare, period: outposts.State.period(this.state.values, this.data.span)});
    }

    /** Lets go of what outlives the elements. */
    remove() {
      this.player.remove();
      this.observer.disconnect();
      this.element.remove();
    }
  }

  const symbol = (d) => element.svg("svg", {viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false"}, element.svg("path", {d, fill: "currentColor"}));
  const playIcon = () => symbol("M6.5 4.2v11.6L16 10z");
  const pauseIcon = () => symbol("M5.5 4.5h3.2v11H5.5zM11.3 4.5h3.2v11h-3.2z");

  outposts.Timeline = Timeline;
})(window.outposts = window.outposts || {});
