/**
 * A timeline and a layer for any Leaflet map, from the data that `outposts.StatusTimeline` packs.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;

  /**
   * Adds them to a map.
   * @param {L.Map} map
   * @param {string} id of the data's block
   * @returns {Promise<function(): void>} takes them away again
   */
  async function statusTimeline(map, id) {
    const runs = new outposts.StatusRuns(await outposts.block.bytes(id));
    const {statuses, vocabulary, lang} = runs.header;
    const page = document.getElementById("outposts");
    if (page) await ready(page);
    else words.use(vocabulary, lang);
    // A status that the page has no colours for is known under a name that no other timeline uses.
    const table = outposts.marks.table();
    const codes = statuses.map((status, s) => (status.known && (!table[status.code] || table[status.code].color === status.color) ? status.code : `${id}-${s}`));
    const unwatch = outposts.marks.use(Object.fromEntries(codes.map((code, s) => [code, statuses[s]])));
    const label = (s, alone) => {
      const {known, code, label} = statuses[s];
      return known ? (alone ? words.name("statuses", code) : words.status(code)) : label;
    };

    const card = new outposts.StatusCard(id, runs, label);
    const layer = new outposts.StatusLayer(runs, codes, {
      tell: (venue, counts) => (venue >= 0 ? `${card.name(venue)}: ${label(runs.statuses[venue])}` : bar.counted(counts)),
    });
    const counts = new Uint32Array(codes.length);
    const bar = new outposts.StatusBar(runs, codes, label, {changed, list});

    function changed(day, bits) {
      runs.on(day);
      counts.fill(0);
      for (const status of runs.statuses) if (status !== outposts.StatusRuns.NONE) counts[status] += 1;
      layer.show(runs.statuses, bits);
      bar.show(counts);
    }

    /** Lists what is shown inside the map's view, on demand. */
    function list() {
      const view = map.getBounds();
      const venues = [];
      for (let v = 0; v < runs.statuses.length; v += 1) {
        const status = runs.statuses[v];
        if (status !== outposts.StatusRuns.NONE && (bar.bits >> status) & 1 && view.contains(layer.latLngOf(v))) venues.push(v);
      }
      tell(venues, map.getCenter());
    }

    async function tell(venues, latlng) {
      const one = venues.length === 1;
      const content = one ? await card.one(venues[0]) : await card.many(venues, (v) => tell([v], layer.latLngOf(v)));
      layer.select(one ? venues[0] : -1);
      const foot = bar.element.parentNode.offsetHeight;
      popup.options.maxHeight = Math.max(map.getSize().y - foot - 80, 120);
      popup.options.autoPanPaddingBottomRight = [10, foot + 10];
      popup.setLatLng(latlng).setContent(content).openOn(map);
      content.tabIndex = -1;
      content.focus({preventScroll: true});
    }

    const popup = L.popup({maxWidth: 320}).on("remove", () => layer.select(-1));
    layer.on("venues", (event) => tell(event.venues, event.latlng));
    layer.addTo(map);
    const endBar = place(map, bar.element);
    changed(bar.day, bar.bits);
    bar.element.dataset.outposts = "ready";
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => {
      bar.draw();
      layer.redraw();
    };
    scheme.addEventListener("change", repaint);
    const remove = () => {
      scheme.removeEventListener("change", repaint);
      map.off("unload", remove);
      unwatch();
      layer.remove();
      bar.remove();
      endBar();
    };
    map.on("unload", remove);
    return remove;
  }

  /** Our own page brings its own words; they have to be there first. */
  function ready(page) {
    return new Promise((resolve) => {
      const done = () => page.dataset.outposts !== "loading";
      if (done()) resolve();
      else {
        const watch = new MutationObserver(() => {
          if (!done()) return;
          watch.disconnect();
          resolve();
        });
        watch.observe(page, {attributes: true});
      }
    });
  }

  /** Puts a bar along the map's foot, under those that are there, and lifts Leaflet's corners above. @returns {function(): void} undoes it */
  function place(map, bar) {
    const container = map.getContainer();
    let foot = container.querySelector(":scope > .outposts-plugin-foot");
    if (!foot) {
      foot = element("div", {class: "outposts-plugin-foot"});
      L.DomEvent.disableClickPropagation(foot);
      L.DomEvent.disableScrollPropagation(foot);
      L.DomEvent.on(foot, "keydown mousemove contextmenu", L.DomEvent.stopPropagation);
      container.append(foot);
    }
    foot.append(bar);
    const lift = new ResizeObserver(() => container.style.setProperty("--outposts-foot", `${foot.offsetHeight}px`));
    lift.observe(foot);
    container.classList.add("outposts-plugin-map");
    return () => {
      lift.disconnect();
      if (foot.childElementCount) return;
      foot.remove();
      container.classList.remove("outposts-plugin-map");
    };
  }

  outposts.statusTimeline = statusTimeline;
})(window.outposts = window.outposts || {});
