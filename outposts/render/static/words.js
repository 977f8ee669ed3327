/**
 * The page's words, from the block `outposts-vocabulary`: one language at a time, chosen by `words.use`.
 */
(function (outposts) {
  "use strict";

  const FALLBACK = "en";
  const PLAIN = /^[ -~]*$/;
  let vocabulary = {statuses: {}};
  let words = {};
  let plural = new Intl.PluralRules(FALLBACK);
  let collator = null;
  let current = FALLBACK;

  /**
   * Takes the vocabulary and a language; an unknown language leaves the fallback.
   * @param {object} source the parsed vocabulary
   * @param {string} [lang] BCP 47
   * @returns {string} the language now in use
   */
  function use(source, lang) {
    vocabulary = source;
    for (const [code, bare] of source.others || []) source[code] = source[code] || keyed(bare, source[FALLBACK]);
    current = closest(lang);
    words = source[current];
    plural = new Intl.PluralRules(current);
    collator = null;
    return current;
  }

  /** The language that stands for a BCP 47 code: itself, its plain form, or the fallback. */
  function closest(lang) {
    const known = languages();
    return [lang, String(lang).split("-")[0]].find((code) => known.includes(code)) || FALLBACK;
  }

  /** The languages that the vocabulary holds. */
  function languages() {
    return Object.keys(vocabulary).filter((key) => key !== "statuses" && key !== "others");
  }

  /** Words without their keys, with the keys of the fallback's table; `vocabulary.py` took them off. */
  function keyed(bare, table) {
    if (typeof table !== "object" || Array.isArray(table) || "other" in table || "part" in table) return bare;
    return Object.fromEntries(Object.keys(table).sort().map((key, i) => [key, keyed(bare[i], table[key])]));
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
    return values ? fill(found, values) : found;
  }

  /** A template with each `{name}` replaced. */
  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
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

  /** How a code of a table such as `changes` reads inside a sentence. */
  function phrase(table, code) {
    return words[table] && words[table][code] ? words[table][code].summary : code;
  }

  /** A day in words: "1 March 2020". */
  function date(day) {
    const {year, month, date: dayOfMonth} = outposts.day.fields(day);
    return when(["day", year, month, dayOfMonth]);
  }

  const inFull = (year) => String(year).padStart(4, "0");

  /**
   * A partial date in words: "by 7 February 2020".
   * @param {[string, ...any]} form kind and parts, as `Edtf.form` in `dates.py` says
   * @returns {string}
   */
  function when([kind, ...parts]) {
    const {dates, months} = words;
    if (kind === "day" || kind === "month") {
      const [y, month, d] = parts;
      return fill(dates[d === 1 ? "first" : kind], {d, month: months[month - 1], y: inFull(y)});
    }
    if (kind === "part") return fill(dates[parts[1]], {y: inFull(parts[0])});
    if (!Array.isArray(parts[0])) return fill(dates[kind], {y: inFull(parts[0])});
    const inner = parts.map(when);
    return kind === "or" ? listed(inner, "or") : fill(dates[kind], {date: inner[0], end: inner[inner.length - 1], phrase: phraseOf(parts[0])});
  }

  /** A partial date as a sentence takes it: "on 1 March 2020", "in late 2019". */
  function phraseOf(form) {
    const {phrases} = words;
    for (let inner = form; ; inner = inner[1]) {
      const found = (inner[0] === "part" && phrases[inner[2]]) || phrases[inner[0]];
      if (found) return fill(found, {date: when(form)});
    }
  }

  /** Parts as a list: "a, b and c". */
  function listed(parts, kind) {
    const [comma, last] = words.lists[kind || "and"];
    return parts.length < 2 ? parts.join("") : parts.slice(0, -1).join(comma) + last + parts[parts.length - 1];
  }

  /** A day in few words: "Mar 2020". */
  function month(day) {
    const fields = outposts.day.fields(day);
    return fill(words.dates.month, {month: words.monthsShort[fields.month - 1], y: fields.year});
  }

  /** A length of time in the largest unit that still tells something: "9 months". */
  function duration(days) {
    if (days < 60) return text("days", {n: days});
    if (days < 730) return text("months", {n: Math.round(days / 30.44)});
    return text("years", {n: Math.round(days / 365.25)});
  }

  /** The order of two texts in the language in use. Plain letters need no collator, whose tables take long to load. */
  function compare(one, two) {
    if (PLAIN.test(one) && PLAIN.test(two)) {
      const [a, b] = [one.toLowerCase(), two.toLowerCase()];
      return a < b ? -1 : Number(a > b);
    }
    collator = collator || new Intl.Collator(current);
    return collator.compare(one, two);
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
    const parts = codes.map((code, i) => (counts[i] ? text("count", {n: counts[i], status: status(code)}) : "")).filter(Boolean);
    return parts.join(between || words.lists.and[0]);
  }

  outposts.words = {
    use, languages, closest, text, fill, name, status, phrase, date, when, phraseOf, listed, month, duration, compare, fold, counts,
    /** The language in use. */
    get lang() {
      return current;
    },
    /** A table of the language in use, such as `lists`. */
    table: (key) => words[key],
    /** All words of a language. */
    of: (code) => vocabulary[code],
  };
})(window.outposts = window.outposts || {});
