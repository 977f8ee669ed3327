/**
 * The reader's language: which one it is, the menu that changes it, and the data's names in it.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** The family of the embedded fonts, as in `tokens.css`. */
  const FAMILY = "Outposts Scripts";

  /**
   * The first of the reader's languages that the page has, else the map's own.
   * @param {string[]} offered
   * @param {string} own
   * @returns {string}
   */
  function preferred(offered, own) {
    for (const tag of navigator.languages || []) {
      const found = offered.find((code) => code === tag) || offered.find((code) => code === tag.split("-")[0]);
      if (found) return found;
    }
    return words.closest(own);
  }

  /** Gives the data's countries and towns their names in the language in use; `original` keeps a town's own entry. */
  function localise(data) {
    const {lang} = words;
    data.own = data.own || {countries: data.countries};
    data.countries = Object.fromEntries(Object.entries(data.own.countries).map(([code, name]) => [code, data.countryNames?.[lang]?.[code] || name]));
    for (const place of data.places) {
      place.original = place.original || place.name;
      place.name = place.names?.[lang] || place.original;
    }
  }

  /**
   * A country's name for the map's ground: the data's, else what the browser calls it, else the English one.
   * @param {object} data
   * @returns {function({iso: ?string, name: string}): string}
   */
  function countryNames(data) {
    let names = null;
    try {
      if (words.lang !== "en" && Intl.DisplayNames.supportedLocalesOf([words.lang]).length) names = new Intl.DisplayNames([words.lang], {type: "region", fallback: "none"});
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    }
    const near = data.countryNames?.[words.lang] || {};
    return ({iso, name}) => data.countries[iso] || near[iso] || (iso && names && names.of(iso)) || name;
  }

  /**
   * The menu; each language stands in its own words, with a note where no native reader has checked it.
   * @param {outposts.State} state
   * @returns {HTMLElement | null} none where there is no choice
   */
  function menu(state) {
    const codes = words.languages();
    if (codes.length < 2) return null;
    const id = element.id();
    const note = element("span", {class: "outposts-unseen", id: element.id(), hidden: words.table("checked")}, words.text("unchecked"));
    const select = element("select", {id, "aria-describedby": words.table("checked") ? null : note.id, onchange: () => state.set({lang: select.value})},
      codes.map((code) => {
        const {name, checked, strings} = words.of(code);
        return element("option", {value: code, lang: code, selected: code === words.lang}, checked ? name : `${name} (${strings.unchecked})`);
      }));
    return element("div", {class: "outposts-language"}, element("label", {for: id, class: "outposts-unseen"}, words.text("language")), select, note);
  }

  /** Text of the registry's own, which is in English whatever the page's language. */
  const prose = (text) => element("span", {lang: "en"}, text);

  let faces = null;

  /** Tells the browser of the fonts that the page embeds; it reads each when it first shows a letter of it. */
  function embedded() {
    if (!document.fonts || !document.getElementById("outposts-fonts")) return null;
    faces = faces || outposts.block("outposts-fonts").then((fonts) => {
      for (const [unicodeRange, address] of fonts) document.fonts.add(new FontFace(FAMILY, `url("${address}")`, {unicodeRange}));
    });
    return faces;
  }

  /** Loads the embedded fonts that the words and names of the language in use need: a canvas does not wait for them. */
  async function fonts(data) {
    const {lang} = words;
    const text = JSON.stringify([words.of(lang), data.places.map((place) => place.names?.[lang]), data.countryNames?.[lang]]);
    const letters = [...new Set(text)].filter((letter) => letter > "\u0370" && !/\p{P}/u.test(letter)).join("");
    if (!letters || !embedded()) return;
    await embedded();
    await document.fonts.load(`16px "${FAMILY}"`, letters);
  }

  const HANDS = ["pointerdown", "wheel", "touchstart", "keydown", "scroll"];

  /**
   * Offers the embedded fonts for names and titles that are in other scripts than the page: at once if such letters are
   * shown, else when the reader first does something, because the browser lays all text out anew for them.
   * @param {HTMLElement[]} shown
   */
  function others(shown) {
    if (shown.some((node) => /[\u0e00-\u0eff\u1100-\u11ff\u1780-\u17ff\u3000-\ud7a3]/.test(node.textContent))) embedded();
    const first = () => {
      for (const name of HANDS) window.removeEventListener(name, first, {capture: true});
      embedded();
    };
    for (const name of HANDS) window.addEventListener(name, first, {capture: true, passive: true});
  }

  /**
   * A string of the interface around words that are in another language.
   * @param {string} key of a string with `{words}`
   * @param {string} text
   * @param {string | null} lang
   * @returns {(string | HTMLElement)[]}
   */
  function quoted(key, text, lang) {
    const [before, after] = words.text(key, {words: "\n"}).split("\n");
    return [before, element("span", {lang, dir: "auto"}, text), after];
  }

  outposts.language = {fonts, others, preferred, localise, countryNames, menu, prose, quoted};
})(window.outposts = window.outposts || {});
