/**
 * Street tiles of somebody else, only when the reader asks: the button names the host that will be contacted. It is not
 * part of the address, so that nobody's link can make a reader ask.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;

  /**
   * @param {L.Map} map
   * @param {{host: string, pmtiles: string} | {host: string, url: string, subdomains: string, attribution: string, maxZoom: number} | null} offer
   * @param {function(string): void} say tells the reader of a failure; "" takes it back
   * @returns {L.Control | null} the button with the credit; none where the page offers no tiles
   */
  function tiles(map, offer, say) {
    if (!offer) return null;
    const nearest = map.getMaxZoom();
    const button = element("button", {type: "button", class: "outposts-button", "aria-pressed": "false"}, words.text("streetsFrom", {host: offer.host}));
    const credit = element("p", {class: "outposts-credit", hidden: true}, offer.attribution);
    const fail = () => say(words.text("streetsFailed", {host: offer.host}));
    let layer = null;

    function show() {
      const options = {maxNativeZoom: offer.maxZoom, maxZoom: Infinity, zIndex: 1};
      layer = offer.pmtiles ? outposts.pmtiles(offer.pmtiles, colors, options)
        : L.tileLayer(offer.url, {...options, subdomains: offer.subdomains || "abc", referrerPolicy: "origin"});
      layer.once("tileerror", fail);
      if (offer.pmtiles) open(layer);
      else add(layer, offer.maxZoom);
    }

    function add(own, maxZoom) {
      if (own !== layer) return; // hidden again while it was opened
      map.setMaxZoom(Math.max(maxZoom, nearest));
      layer.addTo(map);
    }

    async function open(own) {
      try {
        const {attribution, maxZoom} = await own.ready();
        // An archive's credit may be HTML; only its text is taken, and nothing of it loads or runs.
        const parsed = new DOMParser().parseFromString(attribution, "text/html");
        for (const node of parsed.querySelectorAll("script, style")) node.remove();
        credit.textContent = parsed.body.textContent;
        add(own, maxZoom);
      } catch (error) {
        if (own === layer) fail();
      }
    }

    /** The page's own colours for what vector tiles hold. */
    function colors() {
      const style = getComputedStyle(map.getContainer());
      const of = (name, other) => style.getPropertyValue(`--outposts-${name}`).trim() || other;
      return {lake: of("sea", "#dfe8f0"), urban: of("urban", "#e2dac8"), street: of("edge", "#a9a18c")};
    }

    function hide() {
      layer.remove();
      layer = null;
      say("");
      map.setMaxZoom(nearest);
    }

    button.addEventListener("click", () => {
      if (layer) hide();
      else show();
      button.setAttribute("aria-pressed", String(layer !== null));
      button.textContent = layer ? words.text("streetsOff") : words.text("streetsFrom", {host: offer.host});
      credit.hidden = !layer;
    });

    const Streets = L.Control.extend({
      onAdd() {
        const box = element("div", {class: "outposts-streets"}, button, credit);
        L.DomEvent.disableClickPropagation(box);
        return box;
      },
      onRemove() {
        if (layer) hide();
      },
    });
    return new Streets({position: "bottomleft"}).addTo(map);
  }

  outposts.tiles = tiles;
})(window.outposts = window.outposts || {});
