/**
 * A button that puts a text on the clipboard. Where that is forbidden it shows the text, selected, to be copied by hand.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** How long the button says that it was done, in milliseconds. */
  const TOLD = 2500;

  /**
   * @param {string} label
   * @param {function(): string} text asked for when pressed
   * @param {{part?: string, field?: HTMLTextAreaElement}} [more] a name for the button among its neighbours; a field that
   *   shows the text already
   * @returns {HTMLElement[]}
   */
  function copy(label, text, {part, field} = {}) {
    const shown = field || element("textarea", {readonly: true, rows: 2, class: "outposts-copied", "aria-label": words.text("copyFrom"), hidden: true});
    const button = element("button", {type: "button", class: "outposts-link", "data-part": part || null}, element("span", {"aria-live": "polite"}, label));
    const say = (word) => (button.firstChild.textContent = word);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        say(words.text("copied"));
        setTimeout(() => say(label), TOLD);
      } catch {
        shown.value = text();
        shown.hidden = false;
        shown.focus();
        shown.select();
      }
    });
    return field ? [button] : [button, shown];
  }

  outposts.copy = copy;
})(window.outposts = window.outposts || {});
