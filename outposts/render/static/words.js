/**
 * The page's words, from the block `outposts-vocabulary`: one language at a time, chosen by `words.use`.
 */
(function (outposts) {
  "use strict";

  const FALLBACK = "en";
  let vocabulary = {statuses: {}};
  let words = {};
  let plural = new Intl.PluralRules(FALLBACK);

  /**
   * Takes the vocabulary and a language; an unknown language leaves the fallback.
   * @param {object} source the parsed vocabulary
   * @param {string} [lang] BCP 47
   * @returns {string} the language now in use
   */
  function use(source, lang) {
    const known = lang && lang !== "statuses" && Object.hasOwn(source, lang) ? lang : FALLBACK;
    vocabulary = source;
    words = source[known];
    plural = new Intl.PluralRules(known);
    return known;
  }

  /** The languages that the vocabulary holds. */
  function languages() {
    return Object.keys(vocabulary).filter((key) => key !== "statuses");
  }

  /**
   * A string of the interface, with `{name}` filled from `values`. Where it has plural forms, `values.n` chooses.
   * @param {string} key
   * @param {Object<string, string | number>} [values]
   * @returns {string}
   */
  function text(key, values) {
    let found = words.strings[key];
    if (found === undefined) return key;
    if (typeof found !== "string") found = found[plural.select(values.n)] || found.other;
    return values ? found.replace(/\{(\w+)\}/g, (_, name) => String(values[name])) : found;
  }

  /**
   * The word for a code in a table such as `kinds`, or the code itself.
   * @param {string} table
   * @param {string} code
   * @returns {string}
   */
  function name(table, code) {
    const found = words[table] && Object.hasOwn(words[table], code) ? words[table][code] : code;
    return typeof found === "string" ? found : found.label;
  }

  /** The word for a status inside a sentence: "presumed open". */
  function status(code) {
    return words.statuses[code] ? words.statuses[code].summary : code;
  }

  /** A day in words: "1 March 2020". */
  function date(day) {
    const {year, month, date: dayOfMonth} = outposts.day.fields(day);
    return `${dayOfMonth} ${words.months[month - 1]} ${year}`;
  }

  /** A day in few words: "Mar 2020". */
  function month(day) {
    const fields = outposts.day.fields(day);
    return `${words.monthsShort[fields.month - 1]} ${fields.year}`;
  }

  /** A length of time in the largest unit that still tells something: "9 months". */
  function duration(days) {
    if (days < 60) return text("days", {n: days});
    if (days < 730) return text("months", {n: Math.round(days / 30.44)});
    return text("years", {n: Math.round(days / 365.25)});
  }

  /** A text without case and diacritics, for search: "Hà Nội" gives "ha noi". */
  function fold(value) {
    return value.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  /**
   * Counts of statuses as a sentence part: "2 open, 6 closed".
   * @param {ArrayLike<number>} counts by status index
   * @param {string[]} codes
   * @param {string} [between]
   * @returns {string}
   */
  function counts(counts, codes, between) {
    const parts = codes.map((code, i) => (counts[i] ? `${counts[i]} ${status(code)}` : "")).filter(Boolean);
    return parts.join(between || ", ");
  }

  outposts.words = {use, languages, text, name, status, date, month, duration, fold, counts};
})(window.outposts = window.outposts || {});
