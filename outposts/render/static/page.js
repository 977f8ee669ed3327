/**
 * Puts the parts together: the state tells what to show, the answers give each venue's status, the parts show it.
 */
(function (outposts) {
  "use strict";

  const {day, element, pause, words} = outposts;
  /** The zoom at which marks a few metres apart stand side by side. */
  const CLOSEST = 18;
  const FILTERS = ["status", "country", "kind", "year", "from", "to", "compare", "q", "known"];

  /**
   * Makes the page around a map, once its data is unpacked.
   * @param {L.Map} map
   * @returns {Promise<void>}
   */
  async function page(map) {
    let all;
    try {
      all = await outposts.block("outposts-data");
    } catch (error) {
      outposts.failed();
      return;
    }
    const {data, vocabulary, outlines} = all;
    await pause();
    words.use(vocabulary, data.lang);
    outposts.marks.use(vocabulary.statuses);
    await start(map, data, vocabulary, outlines, null);
  }

  /** Makes all parts, in the language of the address or of the carried values; another language makes them anew. */
  async function start(map, data, vocabulary, outlines, carried) {
    const root = document.getElementById("outposts");
    const own = new Set([...document.body.children, ...root.querySelector(".outposts-stage").children]);
    const state = new outposts.State(context(data));
    const refused = state.readAddress();
    if (carried) state.values = carried;
    words.use(vocabulary, state.values.lang);
    await outposts.language.fonts(data);
    document.documentElement.lang = words.lang;
    document.documentElement.dir = words.table("dir");
    outposts.language.localise(data);
    await pause(); // and so on: a page that starts in one go would not answer its reader meanwhile
    const answers = new outposts.Answers(data);
    const indexOf = new Map(data.venues.map((venue, v) => [venue.id, v]));
    let texts = null;

    const summary = new outposts.Summary(data);
    const filters = new outposts.Filters(state, {
      statuses: state.context.statuses, countries: data.countries, kinds: state.context.kinds, years: state.context.years, span: data.span,
    }, outposts.language.menu(state));
    await pause();
    const compareButton = element("button", {type: "button", class: "outposts-link", onclick: () => startComparing()}, words.text("compare"));
    const timeline = new outposts.Timeline(data, state, summary.element, [compareButton, outposts.takeaway(data, state)]);
    await pause();
    const markers = new outposts.Markers(data);
    const list = new outposts.List(data, answers, {choose: (v) => pick(v), point: (v) => markers.point(v), tell: (v) => note(v), later: (v) => relearned(v)});
    const details = new outposts.Details(data, answers, {
      choose: (id) => state.set({venue: id}),
      close: () => close(),
      link: (id, more) => window.location.href.split("#")[0] + state.fragment({venue: id, ...more}),
      later: (v) => relearned(v),
    });
    const compare = new outposts.Compare(data, {
      choose: (v) => pick(v),
      set: (value) => state.set({compare: value}),
      close: () => stopComparing(),
    });
    const later = element("p", {class: "outposts-later outposts-quiet", "aria-live": "polite", hidden: true});
    const notice = element("p", {class: "outposts-notice", "aria-live": "polite", hidden: true});

    const passes = new Uint8Array(data.venues.length);
    const shown = new Uint8Array(data.venues.length);
    const months = timeline.histogram.days;
    const table = new outposts.Table(root.querySelector(".outposts-table"), data, answers);
    let inPeriod = null;
    let placed = false;
    /** Whether a card stood beside the map when its names were written. */
    let carded = false;
    /** The answers by all that is known, where the shown ones are those of an earlier day of knowledge. */
    let latest = null;
    /** The two days compared, with the statuses on both. */
    let pair = null;
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

    /** Which statuses' boxes a venue answers to: those of the chosen period, or that of the day. */
    const bitsOf = (v) => (inPeriod ? inPeriod[v] : 1 << answers.statuses[v]);

    /** The statuses on both compared days, the earlier first. */
    function pairOf({date, compare: other}, statuses) {
      if (other === null) return null;
      const old = answers.at(other);
      const [before, now] = other <= date ? [old, statuses] : [statuses, old];
      return {days: [Math.min(date, other), Math.max(date, other)], compare: other, before, now, changes: compare.changes(before, now)};
    }

    /** The status by what was learned after the known day, where it is another. */
    const relearned = (v) => (latest && latest.statuses[v] !== answers.statuses[v] ? data.statuses[latest.statuses[v]] : null);

    /** A venue's status in the list's words, with the other one where two days are compared. */
    function note(v) {
      const own = words.status(data.statuses[answers.statuses[v]]);
      const code = pair ? (pair.compare <= state.values.date ? pair.before : pair.now)[v] : null;
      if (pair && code !== answers.statuses[v]) return words.text(pair.compare <= state.values.date ? "nowAndBefore" : "nowAndAfter", {now: own, before: words.status(data.statuses[code])});
      return own;
    }

    function startComparing() {
      const {date} = state.values;
      const year = day.addMonths(date, -12);
      town = null;
      state.set({compare: year >= data.span[0] ? year : data.span[0], venue: null});
      if (flows()) compare.element.scrollIntoView({block: "nearest"});
      compare.focus();
    }

    function stopComparing() {
      state.set({compare: null});
      compareButton.focus();
    }

    function update(changed) {
      if (changed && changed.has("lang")) {
        again();
        return;
      }
      const all = !changed;
      const has = (...keys) => all || keys.some((key) => changed.has(key));
      const {values} = state;
      if (has("known") && answers.knownOn(values.known)) list.forget();
      if (has("known", "year", "from", "to")) {
        const period = outposts.State.period(values, data.span);
        inPeriod = period && answers.during(...period);
      }
      if (has("known")) {
        latest = values.known < data.known ? new outposts.Answers(data) : null;
        if (latest) latest.knownOn(data.known);
      }
      if (has("country", "kind", "q")) filter();

      const statuses = answers.on(values.date);
      if (latest) latest.on(values.date);
      pair = pairOf(values, statuses);
      let unchanged = 0;
      let otherwise = 0;
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
        if (pair && !pair.changes[v]) {
          unchanged += 1;
          if (before) regroup = true;
          continue;
        }
        const own = bitsOf(v);
        for (let s = 0; s < offered.length; s += 1) offered[s] += (own >> s) & 1;
        counted[v] = inPeriod ? (own & values.status ? 1 : 0) : 1;
        shown[v] = own & (inPeriod ? values.status : bits) ? 1 : 0;
        if (shown[v] !== before) regroup = true;
        if (!shown[v]) continue;
        counts[statuses[v]] += 1;
        if (latest && latest.statuses[v] !== statuses[v]) otherwise += 1;
        onMap[v] = statuses[v] === answers.notYetOpen ? 0 : 1;
      }

      const at = String((values.date - data.span[0]) / Math.max(1, data.span[1] - data.span[0]));
      for (const part of [list.list, details.element]) part.style.setProperty("--outposts-at", at); // on the root all of the page would be styled anew
      timeline.update(has(...FILTERS) ? answers.counts(months, counted) : null);
      if (!all || strays(values)) table.follow(shown, values);
      summary.update(counts, values, between(), pair ? `: ${compare.text(pair.changes, shown)}` : "");
      later.hidden = !otherwise;
      if (otherwise) later.textContent = words.text("toldOtherwise", {n: otherwise});
      if (pair) compare.show(pair, shown, unchanged);
      else compare.hide();
      filters.update(offered);
      markers.show(statuses, onMap);
      list.update(statuses, shown, regroup);
      showVenue(has("venue"));
    }

    /** Whether the state is another than the one that the build's table shows. */
    const strays = (values) => String(Object.values(values)) !== String(Object.values(state.start)) || words.lang !== data.lang;

    /** What comparing adds to the summary. */
    const between = () => (pair ? words.text("summaryCompared", {from: words.date(pair.days[0]), to: words.date(pair.days[1])}) : "");

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
      const card = !details.element.hidden || pair !== null;
      if (placed && ground && card !== carded) ground.redraw(); // no name half under the card
      carded = card;
      root.classList.toggle("outposts-detailed", !details.element.hidden);
      root.classList.toggle("outposts-comparing", pair !== null);
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
      const [panel, card] = [covers(list.element.parentNode), covers(details.element) || covers(compare.element)];
      const ltr = document.documentElement.dir !== "rtl";
      // On a phone the card is a sheet across the foot.
      const sheet = card && card.width > box.width * 0.8 ? card : null;
      const side = sheet ? null : card;
      const sides = [ltr ? panel : side, ltr ? side : panel];
      const [across, down] = [Math.min(28, box.width / 20), Math.min(28, box.height / 12)];
      return {
        paddingTopLeft: [(sides[0] ? sides[0].right - box.left : 0) + across, down],
        paddingBottomRight: [(sides[1] ? box.right - sides[1].left : 0) + across, (sheet ? Math.max(0, Math.min(box.bottom - sheet.top, box.height - 120)) : 0) + down],
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

    await pause();
    update(null); // before anything of it is on the page, or each part would make the browser lay out all
    const told = state.values;
    await pause();
    const framed = window.parent !== window;
    const credit = framed && outposts.edition.control(data).addTo(map);
    const zoom = layout(root, map, {filters, list, details, compare, timeline, notice, later, current, foot: [data.registry.url && element.link(data.registry.url, words.text("correct")), !framed && outposts.edition.newer(data)], sentence: () => summary.text}, flows);

    function current() {
      const rows = outposts.download.records(data, answers, shown, state.values, pair);
      return {rows, name: `outposts-${day.iso(state.values.date)}`};
    }

    const endEmbed = outposts.embed(root, state, take);
    if (root.classList.contains("outposts-embedded")) yieldScroll(map);
    say(refused);
    await pause(); // in which the browser lays it out
    map.invalidateSize({animate: false});
    view(map, data, state.values, padding());
    if (!carried) keepWithin(map, outlines);
    await pause();
    const ground = drawBasemap(map, data, markers, outlines, [filters.element.parentNode, details.element, compare.element, ...map.getContainer().querySelectorAll(".leaflet-control-zoom, .outposts-edition")]);
    const streets = outposts.tiles && outposts.tiles(map, data.tiles, (text) => {
      notice.textContent = text;
      notice.hidden = !text;
    });
    const scale = L.control.scale({position: "bottomleft", imperial: false}).addTo(map);
    placed = true;
    if (indexOf.has(state.values.venue)) list.select(indexOf.get(state.values.venue), true);
    if (!state.values.c && indexOf.has(state.values.venue)) reveal(indexOf.get(state.values.venue));
    await pause();
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

    // A longer summary takes from the map's height.
    const sized = new ResizeObserver(() => {
      const {clientWidth, clientHeight} = map.getContainer();
      if (map.getSize().equals([clientWidth, clientHeight])) return;
      const [centre, zoom] = [map.getCenter(), map.getZoom()];
      map.invalidateSize({animate: false, pan: false});
      map.setView(centre, zoom, {animate: false});
    });
    sized.observe(map.getContainer());
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => {
      markers.redraw();
      timeline.histogram.draw();
    };
    // Before the browser lays out the paper, map and histogram take the size that they have there.
    let before = null;
    const paper = (on) => () => {
      if (on) before = [map.getCenter(), map.getZoom()];
      if (on) table.now();
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
    const letGo = () => {
      endEmbed();
      sized.disconnect();
      table.remove();
      timeline.remove();
      state.off(update);
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    };
    map.on("unload", letGo);
    state.on(update);
    if (state.values !== told) update(new Set(Object.keys(told).filter((key) => String(told[key]) !== String(state.values[key])))); // by a quick reader, or by the page around it
    root.dataset.outposts = "ready";
    requestAnimationFrame(() => setTimeout(outposts.started)); // once the map is painted
    outposts.language.others([root.querySelector("h1"), list.element, details.element]);

    /** Takes all parts away and makes them in the language that was chosen. */
    async function again() {
      letGo();
      map.off("unload", letGo).off("moveend", moved);
      for (const name of hands) map.getContainer().removeEventListener(name, handled, {capture: true});
      for (const part of [markers, ground, zoom, credit, scale, streets]) if (part) part.remove();
      for (const node of [...document.body.children, ...root.querySelector(".outposts-stage").children]) {
        if (!own.has(node) && !node.contains(map.getContainer()) && !node.classList.contains("outposts-header")) node.remove();
      }
      await start(map, data, vocabulary, outlines, state.values);
      root.querySelector(".outposts-language select")?.focus({preventScroll: true});
    }
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
      lang: outposts.language.preferred(words.languages(), data.lang),
    };
  }

  /** All that a search looks through, folded. */
  function searchable(venue, data) {
    const place = data.places[venue.place];
    return words.fold([venue.name, ...venue.names.map((entry) => entry.name), ...(place ? [place.name, place.original] : []), data.countries[venue.country] || "", data.own.countries[venue.country] || "", ...venue.operators, ...venue.address].join("\n"));
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
    const links = element("p", {class: "outposts-links"}, outposts.download(parts.current), outposts.copy(words.text("copySummary"), () => `${root.querySelector("h1").textContent}: ${parts.sentence()}. ${window.location.href}`));
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
    const foot = root.querySelector(".outposts-footer p");
    if (foot) {
      foot.querySelector("[lang]")?.remove(); // in the language before
      foot.append(element("span", {lang: words.lang}, parts.foot.filter(Boolean).flatMap((part) => [" ", part])));
    }
    if (!document.getElementById("outposts-map")) stage.id = "outposts-map";
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words.text("map"));
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    map.options.zoomSnap = 0.25;
    map.options.maxZoom = CLOSEST; // folium gives its own to tiles only
    const panel = element("div", {class: "outposts-panel"}, parts.notice, parts.filters.element, parts.later, parts.list.element, links);
    document.body.prepend(outposts.marks.sprite(), outposts.strip.gradients());
    stage.querySelector(".outposts-header").after(panel);
    stage.append(parts.timeline.element, parts.compare.element, parts.details.element);
    return map.zoomControl ? null : L.control.zoom({position: flows() ? "bottomright" : "topleft", zoomInTitle: words.text("zoomIn"), zoomOutTitle: words.text("zoomOut")}).addTo(map);
  }

  /** Whether an element that floats over the map covers a part of a box in the map's pixels. */
  function isUnder(node, map, box) {
    const [own, from] = [node.getBoundingClientRect(), map.getContainer().getBoundingClientRect()];
    return own.width > 0 && own.left - from.left < box.max.x && own.right - from.left > box.min.x && own.top - from.top < box.max.y && own.bottom - from.top > box.min.y;
  }

  function drawBasemap(map, data, markers, outlines, floating) {
    if (!outlines || !outposts.basemap) return null;
    const focus = data.venues.length ? Object.keys(data.countries) : null;
    // Around the one town of a map.
    const rings = data.places.length === 1 ? [data.places[0].lon, data.places[0].lat] : null;
    return outposts.basemap(map, outlines, {labels: true, focus, rings, nameOf: outposts.language.countryNames(data), avoid: (box) => markers.covers(box) || floating.some((node) => isUnder(node, map, box))});
  }

  /** Keeps the map within the land that the page carries: what lies beyond would look like sea. */
  function keepWithin(map, outlines) {
    if (!outlines) return;
    const [west, south, east, north] = outlines.window;
    if (east - west >= 360) return;
    const carried = L.latLngBounds([south, west], [north, east]);
    const least = () => {
      map.options.minZoom = 0;
      const zoom = Math.ceil(map.getBoundsZoom(carried, true) * 4) / 4;
      if (map.getZoom() < zoom) map.setZoom(zoom, {animate: false});
      map.setMinZoom(zoom);
    };
    map.options.maxBoundsViscosity = 1;
    map.setMaxBounds(carried);
    map.on("resize", least);
    least();
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
