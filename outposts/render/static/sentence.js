/**
 * The sentence for an answer, in the reader's language, from what the build says it consists of; `sentences.py` does the
 * same in Python, and `tests/cases/sentences.json` holds both to one wording.
 */
(function (outposts) {
  "use strict";

  const {words} = outposts;
  /** Claims that a sentence names before it only counts the others. */
  const MOST_NAMED = 3;
  /** Clauses that follow the sentence. */
  const TAILS = ["outweighed", "unopposed"];

  /**
   * When and by whom: "in April 2020 (Southeast Asia Globe)". Claims with the same date share one phrase.
   * @param {{claims: object[], sources: object[]}} data
   * @param {number[]} indices of claims
   * @returns {string}
   */
  function told(data, indices) {
    const phrases = new Map();
    for (const index of indices.slice(0, MOST_NAMED)) {
      const claim = data.claims[index];
      const source = data.sources[claim.source];
      const phrase = words.phraseOf(claim.when);
      phrases.set(phrase, (phrases.get(phrase) || new Set()).add(source.publisher || source.title));
    }
    const parts = [...phrases].map(([when, labels]) => words.text("toldBy", {when, sources: [...labels].join(words.table("lists").and[0])}));
    if (indices.length > MOST_NAMED) parts.push(words.text("moreClaims", {n: indices.length - MOST_NAMED}));
    return words.listed(parts);
  }

  /**
   * @param {object} data the block `outposts-data`
   * @param {[string, ...[string, ...number[]][]]} sentence its key, and what it tells of: a clause and claims
   * @returns {string}
   */
  function sentence(data, [key, ...slots]) {
    const parts = slots.map(([clause, ...claims]) => words.fill(words.table("clauses")[clause], {told: told(data, claims)}));
    const tail = slots.length && TAILS.includes(slots[slots.length - 1][0]) ? parts.pop() : "";
    const [one, two] = parts;
    const {fresh, stale} = data.rules;
    return words.fill(words.table("sentences")[key], {one, two, fresh, stale}) + tail + words.text("stop");
  }

  outposts.sentence = sentence;
})(window.outposts = window.outposts || {});
