/**
 * A word in the bar that opens a box above it; Escape and a press elsewhere close it.
 */
(function (outposts) {
  "use strict";

  const {element} = outposts;

  /**
   * @param {string} title
   * @param {HTMLElement} box what it opens
   * @returns {HTMLDetailsElement}
   */
  function popover(title, box) {
    box.classList.add("outposts-popover");
    const part = element("details", {class: "outposts-pop"}, element("summary", null, title), box);
    const away = (event) => {
      const outside = event.type === "keydown" ? event.key === "Escape" : !part.contains(event.target);
      if (!outside || !part.open) return;
      if (event.type === "keydown") part.firstChild.focus();
      part.open = false;
    };
    part.addEventListener("keydown", away); // from the first moment: the toggle is told late
    part.addEventListener("toggle", () => {
      for (const name of ["pointerdown", "keydown"]) {
        if (part.open) document.addEventListener(name, away);
        else document.removeEventListener(name, away);
      }
    });
    return part;
  }

  outposts.popover = popover;
})(window.outposts = window.outposts || {});
