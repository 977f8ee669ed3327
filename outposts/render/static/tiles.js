/**
 * Street tiles of somebody else, only when the reader asks: the button names the host that will be contacted. It is not
 * part of the address, so that nobody's link can make a reader ask.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;

  /**
   * @param {L.Map} map
   * @param {{url: string, subdomains: string, host: string, attribution: string, maxZoom: number} | null} offer
   * @param {function(string): void} say tells the reader of a failure; "" takes it back
   * @returns {L.Control | null} the button with the credit; none where the page offers no tiles
   */
  function tiles(map, offer, say) {
    if (!offer) return null;
    const nearest = map.getMaxZoom();
    const button = element("button", {type: "button", class: "outposts-button", "aria-pressed": "false"}, words.text("streetsFrom", {host: offer.host}));
    const credit = element("p", {class: "outposts-credit", hidden: true}, offer.attribution);
    let layer = null;

    function show() {
      let told = false;
      layer = L.tileLayer(offer.url, {subdomains: offer.subdomains || "abc", maxNativeZoom: offer.maxZoom, maxZoom: Infinity, zIndex: 1, referrerPolicy: "origin"});
      layer.on("tileerror", () => {
        if (!told) say(words.text("streetsFailed", {host: offer.host}));
        told = true;
      });
      map.setMaxZoom(Math.max(offer.maxZoom, nearest));
      layer.addTo(map);
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
