/**
 * Puts the parts together: the state tells what to show, the answers give each venue's status, the parts show it.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;
  const FILTERS = ["status", "country", "kind", "year", "q", "known"];

  /**
   * Makes the page around a map, once its data is unpacked.
   * @param {L.Map} map
   * @returns {Promise<void>}
   */
  async function page(map) {
    let all;
    try {
      all = await outposts.block("outposts-data");
    } catch (error) { // a browser that cannot inflate: the table holds the same venues
      document.getElementById("outposts").dataset.outposts = "failed";
      document.querySelector(".outposts-failed").hidden = false;
      return;
    }
    start(map, all.data, all.vocabulary, all.outlines);
  }

  function start(map, data, vocabulary, outlines) {
    const root = document.getElementById("outposts");
    words.use(vocabulary, data.lang);
    outposts.marks.use(vocabulary.statuses);

    const state = new outposts.State(context(data));
    const refused = state.readAddress();
    words.use(vocabulary, state.values.lang);
    const answers = new outposts.Answers(data);
    const indexOf = new Map(data.venues.map((venue, v) => [venue.id, v]));
    let texts = null;

    const summary = new outposts.Summary(data);
    const filters = new outposts.Filters(state, {
      statuses: state.context.statuses, countries: data.countries, kinds: state.context.kinds, years: state.context.years,
    });
    const timeline = new outposts.Timeline(data, state, summary.element);
    const markers = new outposts.Markers(data);
    const list = new outposts.List(data, answers, {choose: (v) => pick(v), point: (v) => markers.point(v)});
    const details = new outposts.Details(data, answers, {
      choose: (id) => state.set({venue: id}),
      close: () => close(),
      link: (id) => window.location.href.split("#")[0] + state.fragment({venue: id}),
    });
    const notice = element("p", {class: "outposts-notice", "aria-live": "polite", hidden: true});

    const passes = new Uint8Array(data.venues.length);
    const shown = new Uint8Array(data.venues.length);
    const months = timeline.histogram.days;
    let inYear = null;
    let placed = false;
    /** The point whose venues the card lists, where it shows no single venue. */
    let town = null;

    function filter() {
      const {country, kind, q} = state.values;
      const wanted = words.fold(q).split(/\s+/).filter(Boolean);
      if (wanted.length && !texts) texts = data.venues.map((venue) => searchable(venue, data));
      data.venues.forEach((venue, v) => {
        passes[v] = (!country || venue.country === country) && (!kind || venue.kind === kind) && wanted.every((word) => texts[v].includes(word)) ? 1 : 0;
      });
    }

    /** Which statuses' boxes a venue answers to: those of the chosen year, or that of the day. */
    const bitsOf = (v) => (inYear ? inYear[v] : 1 << answers.statuses[v]);

    function update(changed) {
      const all = !changed;
      const has = (...keys) => all || keys.some((key) => changed.has(key));
      const {values} = state;
      if (has("known") && answers.knownOn(values.known)) list.forget();
      if (has("known", "year")) inYear = values.year === null ? null : answers.during(day.of(values.year, 1, 1), day.of(values.year, 12, 31));
      if (has("country", "kind", "q")) filter();

      const statuses = answers.on(values.date);
      const everything = state.context.statuses.length;
      const bits = values.status === (1 << everything) - 1 ? values.status | (1 << answers.notYetOpen) : values.status;
      const offered = new Uint32Array(data.statuses.length);
      const counts = new Uint32Array(data.statuses.length);
      const onMap = new Uint8Array(data.venues.length);
      const counted = new Uint8Array(data.venues.length);
      let regroup = all;
      for (let v = 0; v < passes.length; v += 1) {
        const before = shown[v];
        shown[v] = 0;
        if (!passes[v]) {
          if (before) regroup = true;
          continue;
        }
        const own = bitsOf(v);
        for (let s = 0; s < offered.length; s += 1) offered[s] += (own >> s) & 1;
        counted[v] = inYear ? (own & values.status ? 1 : 0) : 1;
        shown[v] = own & (inYear ? values.status : bits) ? 1 : 0;
        if (shown[v] !== before) regroup = true;
        if (!shown[v]) continue;
        counts[statuses[v]] += 1;
        onMap[v] = statuses[v] === answers.notYetOpen ? 0 : 1;
      }

      root.style.setProperty("--outposts-at", (values.date - data.span[0]) / Math.max(1, data.span[1] - data.span[0]));
      timeline.update(has(...FILTERS) ? answers.counts(months, counted) : null);
      summary.update(counts, values);
      filters.update(offered);
      markers.show(statuses, onMap);
      list.update(statuses, shown, regroup);
      showVenue(has("venue"));
    }

    function showVenue(moved) {
      const {venue, date, known} = state.values;
      const v = venue === null ? -1 : indexOf.get(venue);
      if (moved && v >= 0) town = null;
      if (town) {
        details.showPlace(town.name, town.venues.filter((member) => shown[member]), answers.statuses);
      } else if (v < 0) {
        details.hide();
      } else {
        details.show(v, date, known, !shown[v]);
      }
      root.classList.toggle("outposts-detailed", !details.element.hidden);
      markers.select(v);
      list.select(v, moved);
      if (moved && v >= 0 && placed) reveal(v);
    }

    /** Brings a venue's mark out from under the panels. */
    function reveal(v) {
      const at = markers.latLngOf(v);
      if (at) map.panInside(at, padding());
    }

    /** Chooses from the list: the keyboard follows to the card, the eye on a phone too. */
    function pick(v) {
      state.set({venue: data.venues[v].id});
      if (flows()) details.element.scrollIntoView({block: "start"});
      details.focus();
    }

    function close() {
      const old = state.values.venue;
      town = null;
      state.set({venue: null});
      showVenue(false);
      if (old !== null) list.focus(indexOf.get(old));
    }

    const flows = () => getComputedStyle(map.getContainer().parentNode).display !== "grid";

    /** What the floating panels cover, for Leaflet's fits. */
    function padding() {
      const box = map.getContainer().getBoundingClientRect();
      const covers = (node) => {
        const own = node.getBoundingClientRect();
        return own.width && own.top < box.bottom - 8 && own.bottom > box.top + 8 ? own : null;
      };
      const [panel, card] = [covers(list.element.parentNode), covers(details.element)];
      const ltr = document.documentElement.dir !== "rtl";
      const sides = [ltr ? panel : card, ltr ? card : panel];
      const [across, down] = [Math.min(28, box.width / 20), Math.min(28, box.height / 12)];
      return {
        paddingTopLeft: [(sides[0] ? sides[0].right - box.left : 0) + across, down],
        paddingBottomRight: [(sides[1] ? box.right - sides[1].left : 0) + across, down],
      };
    }

    function say(parts) {
      notice.hidden = !parts.length;
      notice.textContent = parts.length ? words.text("notice", {parts: parts.join(", ")}) : "";
    }

    function take(given) {
      const parts = [];
      const values = state.parse(given, parts);
      say(parts);
      state.set(values);
      if ("z" in values || "c" in values) view(map, data, state.values, padding());
    }

    function readAgain() {
      const bare = window.location.hash.slice(1);
      if (bare && !bare.includes("=")) {
        state.hash = window.location.hash; // a link inside the page, such as the skip link
        return;
      }
      const old = state.values;
      const parts = state.readAddress();
      const now = state.values;
      state.values = old;
      say(parts);
      state.set(now);
      if (String(now.c) !== String(old.c) || now.z !== old.z) view(map, data, now, padding());
    }

    layout(root, map, {filters, list, details, timeline, notice, current}, flows);

    function current() {
      const rows = outposts.download.records(data, answers, shown, state.values);
      return {rows, name: `outposts-${day.iso(state.values.date)}`};
    }

    drawBasemap(map, data, markers, outlines);
    const endEmbed = outposts.embed(root, state, take);
    if (root.classList.contains("outposts-embedded")) yieldScroll(map);
    map.invalidateSize({animate: false});
    state.on(update);
    update(null);
    say(refused);
    view(map, data, state.values, padding());
    placed = true;
    if (!state.values.c && indexOf.has(state.values.venue)) reveal(indexOf.get(state.values.venue));
    markers.addTo(map);
    markers.on("venue", (event) => state.set({venue: data.venues[event.venue].id}));
    markers.on("place", (event) => {
      town = event;
      state.set({venue: null});
      showVenue(false);
      if (flows()) details.element.scrollIntoView({block: "nearest"});
    });
    markers.on("zoom", (event) => map.flyToBounds(event.bounds, {...padding(), maxZoom: 16, duration: 0.5, animate: !reduced()}));

    // Moves that the page itself makes (fits, resizes) are not the reader's choice and stay out of the address.
    const moved = () => {
      const centre = map.getCenter();
      state.set({z: map.getZoom(), c: [centre.lat, centre.lng]});
    };
    const hands = ["pointerdown", "wheel", "keydown"];
    const handled = () => {
      map.on("moveend", moved);
      for (const name of hands) map.getContainer().removeEventListener(name, handled, {capture: true});
    };
    for (const name of hands) map.getContainer().addEventListener(name, handled, {capture: true, passive: true});

    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => {
      markers.redraw();
      timeline.histogram.draw();
    };
    // Before the browser lays out the paper, map and histogram take the size that they have there.
    let before = null;
    const paper = (on) => () => {
      if (on) before = [map.getCenter(), map.getZoom()];
      document.documentElement.classList.toggle("outposts-paper", on);
      outposts.marks.print(on);
      map.invalidateSize({animate: false, pan: false});
      if (!on) map.setView(...before, {animate: false});
      else if (data.bounds) map.fitBounds(data.bounds, {padding: [24, 24], maxZoom: 12, animate: false});
      markers.drawNow();
      timeline.histogram.draw();
    };
    const listeners = [
      [scheme, "change", repaint], [window, "hashchange", readAgain],
      [window, "beforeprint", paper(true)], [window, "afterprint", paper(false)],
    ];
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
    map.on("unload", () => {
      endEmbed();
      timeline.remove();
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    });
    root.dataset.outposts = "ready";
  }

  /** What the state's values may be. */
  function context(data) {
    const years = [];
    const [first, last] = data.span.map((at) => day.fields(at).year);
    for (let year = last; year >= first; year -= 1) years.push(year);
    return {
      span: data.span,
      on: Math.min(Math.max(data.on, data.span[0]), data.span[1]),
      known: data.known,
      earliestKnown: data.claims.reduce((least, claim) => Math.min(least, claim.known), data.known),
      statuses: data.statuses.filter((code) => code !== "not-yet-open"),
      countries: Object.keys(data.countries),
      kinds: [...new Set(data.venues.map((venue) => venue.kind))].sort(),
      years,
      venues: new Set(data.venues.map((venue) => venue.id)),
      languages: words.languages(),
      lang: data.lang || "en",
    };
  }

  /** All that a search looks through, folded. */
  function searchable(venue, data) {
    const place = venue.place === null || venue.place === undefined ? "" : data.places[venue.place].name;
    return words.fold([venue.name, ...venue.names.map((entry) => entry.name), place, data.countries[venue.country] || "", ...venue.operators, ...venue.address].join("\n"));
  }

  /** The first view: the address's, else all venues, clear of the panels. */
  function view(map, data, values, padding) {
    if (values.c) map.setView(values.c, values.z === null ? map.getZoom() || 5 : values.z, {animate: false});
    else if (data.bounds) {
      map.fitBounds(data.bounds, {...padding, maxZoom: 12, animate: false});
      if (values.z !== null) map.setZoom(values.z, {animate: false});
    } else if (!map._loaded) map.setView([15, 105], 3, {animate: false});
  }

  function layout(root, map, parts, flows) {
    const stage = root.querySelector(".outposts-stage");
    const table = root.querySelector(".outposts-table");
    const links = element("p", {class: "outposts-links"}, outposts.download(parts.current));
    if (table) {
      table.id = table.id || "outposts-table";
      links.prepend(element("a", {href: `#${table.id}`, class: "outposts-link"}, words.text("tableLink")));
      // The link only scrolls: the fragment belongs to the state.
      links.firstChild.addEventListener("click", (event) => {
        event.preventDefault();
        table.tabIndex = -1;
        table.focus({preventScroll: true});
        table.scrollIntoView({behavior: reduced() ? "auto" : "smooth"});
      });
    }
    if (!document.getElementById("outposts-map")) stage.id = "outposts-map";
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words.text("map"));
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    map.options.zoomSnap = 0.25;
    const panel = element("div", {class: "outposts-panel"}, parts.notice, parts.filters.element, parts.list.element, links);
    document.body.prepend(outposts.marks.sprite(), outposts.strip.gradients());
    stage.querySelector(".outposts-header").after(panel);
    stage.append(parts.timeline.element, parts.details.element);
    if (!map.zoomControl) L.control.zoom({position: flows() ? "bottomright" : "topleft", zoomInTitle: words.text("zoomIn"), zoomOutTitle: words.text("zoomOut")}).addTo(map);
  }

  function drawBasemap(map, data, markers, outlines) {
    if (!outlines || !outposts.basemap) return;
    const focus = data.venues.length ? Object.keys(data.countries) : null;
    outposts.basemap(map, outlines, {labels: true, focus, avoid: (box) => markers.covers(box)});
  }

  /** In a frame the page scrolls until the reader has touched the map. */
  function yieldScroll(map) {
    map.scrollWheelZoom.disable();
    map.once("click focus", () => map.scrollWheelZoom.enable());
    if (L.Browser.mobile) map.dragging.disable();
  }

  const reduced = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  outposts.page = page;
})(window.outposts = window.outposts || {});
