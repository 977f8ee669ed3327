/**
 * The page's data: one script block, JSON that was deflated and written in base64 so that a page stays small.
 */
(function (outposts) {
  "use strict";

  /**
   * The bytes that a block holds.
   * @param {string} id of the script element
   * @returns {Promise<ArrayBuffer>} rejected where the browser cannot inflate
   */
  function bytes(id) {
    const packed = atob(document.getElementById(id).textContent);
    const content = new Uint8Array(packed.length);
    for (let i = 0; i < content.length; i += 1) content[i] = packed.charCodeAt(i);
    const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer();
  }

  /**
   * The value that a block holds.
   * @param {string} id of the script element
   * @returns {Promise<any>} rejected where the browser cannot inflate
   */
  async function block(id) {
    return JSON.parse(new TextDecoder().decode(await bytes(id)));
  }

  outposts.block = block;
  outposts.block.bytes = bytes;
  // The page's element with the id "outposts" is a property of the window under that name: not what we share.
})(window.outposts = !window.outposts || window.outposts instanceof Element ? {} : window.outposts);
