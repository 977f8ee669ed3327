/**
 * The page's data: one script block, JSON that was deflated and written in base64 so that a page stays small.
 */
(function (outposts) {
  "use strict";

  /**
   * The value that a block holds.
   * @param {string} id of the script element
   * @returns {Promise<any>} rejected where the browser cannot inflate
   */
  async function block(id) {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).json();
  }

  outposts.block = block;
  // Until it is set, `window.outposts` is the element with that id, which browsers offer by its name.
})(window.outposts = Object.hasOwn(window, "outposts") ? window.outposts : {});
