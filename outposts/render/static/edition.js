/**
 * Which edition of the data a page shows; and, only when the reader asks, whether there is a newer one where it is published.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;
  /** How long an answer may take, in milliseconds. */
  const PATIENCE = 15000;

  /** Whom to credit, which version, which data. @param {object} data @param {string} credit @returns {string} */
  function edition(data, credit) {
    return [credit, data.registry.version && `version ${data.registry.version}`, `data ${data.hash.slice(7)}`].filter(Boolean).join(", ");
  }

  /**
   * Asks the host of the page for what its newest edition is.
   * @returns {Promise<number | null>} the day of a newer edition; null where there is none
   */
  async function newest({home, hash, known}) {
    const answer = await fetch(home.oembed, {cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE)});
    const found = await answer.json();
    const at = day.read(String(found.data_known));
    if (!answer.ok || at === null || !found.data_hash) throw new Error("no edition");
    return found.data_hash !== hash && at >= known ? at : null;
  }

  /** The button that looks for a newer edition; none where nobody said where the page is published. */
  edition.newer = function (data) {
    if (!data.home) return null;
    const said = element("span", {"aria-live": "polite"});
    const say = (what) => said.replaceChildren(" ", what);
    const button = element("button", {type: "button", class: "outposts-link", async onclick() {
      try {
        const at = await newest(data);
        say(at === null ? words.text("newerNone") : element.link(data.home.page, words.text("newerThere", {date: words.date(at)})));
      } catch {
        say(element.link(data.home.page, words.text("newerFailed", {host: new URL(data.home.page).host})));
      }
    }}, words.text("newerLook"));
    return element("span", null, button, said);
  };

  /** The same at the foot of a map in a frame, where the page's own foot is out of sight. */
  edition.control = function (data) {
    const control = L.control({position: "bottomright"});
    control.onAdd = () => {
      const box = element("div", {class: "leaflet-control-attribution outposts-edition"},
        element("span", {lang: "en"}, edition(data, data.credit || data.registry.title)), " ", edition.newer(data));
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    return control;
  };

  outposts.edition = edition;
})(window.outposts = window.outposts || {});
