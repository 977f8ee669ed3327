/**
 * What a page holds deflated, in base64, so that it stays small: its data, and the scripts that show it.
 */
(function (outposts) {
  "use strict";

  const STARTING = "outposts-starting";

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

  /**
   * Runs the scripts that a block holds, in order. The page's policy names the hash of each.
   * @param {string} id of the script element: a JSON list of texts
   * @returns {Promise<void>}
   */
  async function run(id) {
    let scripts;
    // The table below the fold waits until the map is there; where no script runs, it does not.
    document.getElementById("outposts").classList.add(STARTING);
    try {
      scripts = await block(id);
    } catch (error) {
      failed();
      return;
    }
    for (const text of scripts) {
      document.head.append(Object.assign(document.createElement("script"), {text}));
      await pause();
    }
  }

  /** Lets the browser paint and answer its reader before more is done. @returns {Promise<void>} */
  function pause() {
    return window.scheduler?.yield ? window.scheduler.yield() : new Promise((resolve) => setTimeout(resolve));
  }

  /** Says that the browser is too old to inflate; the table holds the same venues. */
  function failed() {
    started();
    document.getElementById("outposts").dataset.outposts = "failed";
    document.querySelector(".outposts-failed").hidden = false;
  }

  /** Gives the table back. */
  function started() {
    document.getElementById("outposts").classList.remove(STARTING);
  }

  outposts.run = run;
  outposts.pause = pause;
  outposts.started = started;
  outposts.failed = failed;
  outposts.block = block;
  outposts.block.bytes = bytes;
  // Until it is set, `window.outposts` is the element with that id, which browsers offer by its name.
})(window.outposts = Object.hasOwn(window, "outposts") ? window.outposts : {});
