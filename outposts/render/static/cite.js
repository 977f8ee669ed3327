/**
 * A venue's status on a day, to be cited: a sentence with footnotes, BibTeX, CSL-JSON.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;

  /**
   * @typedef {object} Citation
   * @property {string} id of the venue
   * @property {string} title the venue, where it is, its status on the day
   * @property {string} sentence why
   * @property {object[]} sources that the answer rests on, each once
   * @property {string} link the address that shows the venue on that day, as known on that day
   * @property {number} date
   * @property {number} known
   */

  /** The page itself, as a source: what it is called, and which data it shows. */
  const edition = (data) => outposts.edition(data, data.registry.title);

  /** A sentence with its footnotes as text. @param {Citation} citation @param {object} data */
  function sentence({title, sentence: why, sources, link}, data) {
    const notes = sources.map((source) => [
      source.author, source.title && `“${source.title}”`, source.publisher, source.on ? words.when(source.on) : words.text("undated"), source.url,
      source.archived && `${words.text("archived")}: ${source.archived}`,
    ]);
    notes.push([`“${data.title}”`, edition(data), data.licence, link]);
    const marks = notes.map((_, i) => `[${i + 1}]`).join("");
    return [`${title} ${why}${marks}`, "", ...notes.map((note, i) => `[${i + 1}] ${note.filter(Boolean).join(", ")}`)].join("\n");
  }

  /** Year, month and day of a plain date, as many as it tells; none for a span or a guess. */
  const numbers = (form) => (form && ["day", "month", "year"].includes(form[0]) ? form.slice(1) : []);

  const ESCAPES = {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"};
  const tex = (text) => text.replace(/[\\~^]|[{}%&#$_]/g, (sign) => ESCAPES[sign] || `\\${sign}`);
  const address = (url) => url.replace(/[{}\\]/g, encodeURIComponent);
  /** Source keys may hold what BibTeX reads as its own. */
  const key = (id) => id.replace(/[^\w:.-]/g, "-");

  function entry(id, fields) {
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
    return `@misc{${key(id)},\n${lines.join(",\n")}\n}\n`;
  }

  /** The venue's record and its sources as BibTeX. @param {Citation} citation @param {object} data */
  function bibtex({id, title, sentence: why, sources, link, date, known}, data) {
    const own = entry(`${id}-${day.iso(date)}`, {
      author: `{${tex(data.registry.title)}}`, title: `{${tex(title)}}`, howpublished: tex(data.title), year: day.fields(known).year,
      url: address(link), note: tex([why, edition(data), data.licence].filter(Boolean).join(" ")),
    });
    return [own, ...sources.map((source) => entry(source.id, {
      author: `{${tex(source.author || source.publisher || source.title)}}`, title: `{${tex(source.title)}}`,
      howpublished: source.author && source.publisher && tex(source.publisher),
      year: numbers(source.on)[0], month: numbers(source.on)[1],
      url: source.url && address(source.url),
      note: [source.on && !numbers(source.on).length && tex(words.when(source.on)), source.archived && `Archived: ${tex(source.archived)}`].filter(Boolean).join(". "),
    }))].join("\n");
  }

  /** The venue's record and its sources as CSL-JSON. @param {Citation} citation @param {object} data */
  function csl({id, title, sentence: why, sources, link, date, known}, data) {
    const parts = (at) => ({"date-parts": [Object.values(day.fields(at))]});
    const own = {
      id: `${id}-${day.iso(date)}`, type: "dataset", title, abstract: why, "container-title": data.title, author: [{literal: data.registry.title}],
      issued: parts(known), version: data.registry.version || data.hash, URL: link,
    };
    const items = sources.map((source) => ({
      id: source.id, type: "webpage", title: source.title, "container-title": source.publisher || undefined,
      author: source.author ? [{literal: source.author}] : undefined,
      issued: !source.on ? undefined : numbers(source.on).length ? {"date-parts": [numbers(source.on)]} : {literal: words.when(source.on)},
      accessed: source.read === null ? undefined : parts(source.read),
      URL: source.url || undefined, language: source.lang, note: source.archived ? `Archived: ${source.archived}` : undefined,
    }));
    return JSON.stringify([own, ...items], null, 1);
  }

  const FORMS = {citeSentence: sentence, bibtex, csl};

  /**
   * The part of a card that opens the three forms; `follow` writes them anew where it is open.
   * @param {object} data the block `outposts-data`
   * @param {function(): Citation} current
   * @returns {{element: HTMLDetailsElement, follow: function(): void}}
   */
  function cite(data, current) {
    const forms = Object.entries(FORMS).map(([name, write]) => {
      const label = words.text(name);
      const field = element("textarea", {readonly: true, rows: 4, spellcheck: "false", dir: "auto", class: "outposts-copied", "aria-label": label});
      const text = () => write(current(), data);
      return {field, text, element: element("li", null, element("p", {class: "outposts-quiet"}, label), field, outposts.copy(words.text("copy"), text, {part: `copy-${name}`, field}))};
    });
    const part = element("details", {class: "outposts-cite"}, element("summary", {"data-part": "cite"}, words.text("cite")),
      element("ul", {class: "outposts-codes"}, forms.map((form) => form.element)));
    const fill = () => {
      for (const form of forms) form.field.value = form.text();
    };
    const follow = () => part.open && fill();
    part.firstChild.addEventListener("click", fill);
    part.addEventListener("toggle", follow);
    return {element: part, follow};
  }

  cite.sentence = sentence;
  cite.bibtex = bibtex;
  cite.csl = csl;
  outposts.cite = cite;
})(window.outposts = window.outposts || {});
