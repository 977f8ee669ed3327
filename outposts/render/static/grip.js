/**
 * The handle of a sheet: on a phone a card comes up from the foot, and a press or a pull makes it taller, lower, or closes it.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  /** How far a finger must pull, in CSS pixels. */
  const PULL = 40;

  /**
   * @param {HTMLElement} sheet gets the class `outposts-tall`
   * @param {function(): void} close told when it is pulled down
   * @returns {HTMLButtonElement}
   */
  function grip(sheet, close) {
    let from = null;
    let pulled = false;
    const button = element("button", {
      type: "button", class: "outposts-grip", "data-part": "grip", "aria-label": words.text("sheet"), "aria-expanded": "false",
      onclick: () => {
        if (!pulled) stand(!sheet.classList.contains("outposts-tall"));
        pulled = false;
      },
      onpointerdown: (event) => {
        from = event.clientY;
        button.setPointerCapture(event.pointerId);
      },
      onpointermove: (event) => {
        if (from === null) return;
        const by = event.clientY - from;
        if (Math.abs(by) < PULL) return;
        from = null;
        pulled = true;
        if (by > 0 && !sheet.classList.contains("outposts-tall")) close();
        else stand(by < 0);
      },
      onpointerup: () => (from = null),
      onpointercancel: () => (from = null),
    });
    function stand(tall) {
      sheet.classList.toggle("outposts-tall", tall);
      button.setAttribute("aria-expanded", String(tall));
    }
    return button;
  }

  outposts.grip = grip;
})(window.outposts = window.outposts || {});
