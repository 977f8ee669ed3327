/**
 * The page inside another page: it tells its height to the usual listeners and its state to all, and takes a state.
 */
(function (outposts) {
  "use strict";

  /**
   * Starts the talk with the parent; does nothing in a page of its own.
   * @param {HTMLElement} root
   * @param {outposts.State} state
   * @param {function(object): void} take told of the texts that the parent sends
   * @returns {function(): void} ends it
   */
  function embed(root, state, take) {
    if (window.parent === window) return () => {};
    root.classList.add("outposts-embedded");
    const post = (message) => window.parent.postMessage(message, "*");
    const pym = new URLSearchParams(window.location.search).get("childId") || "outposts";
    let told = 0;

    // The height asked for depends on the width alone, or frame and page would chase each other.
    const measure = () => {
      const height = Math.ceil(Number.parseFloat(getComputedStyle(root).getPropertyValue("--outposts-wish")) || 720);
      if (height === told) return;
      told = height;
      post({"datawrapper-height": {[window.location.pathname]: height}});
      post({type: "outposts:height", height});
      post({sentinel: "amp", type: "embed-size", height});
      post({sender: "Flourish", context: "iframe.resize", height, src: window.location.href, type: "flourish", method: "resize"});
      post(`pymxPYMx${pym}xPYMxheightxPYMx${height}`);
    };
    const tell = () => post({type: "outposts:state", state: state.texts()});
    const listen = (event) => {
      if (event.source !== window.parent || !event.data) return;
      const {type, state: texts} = event.data;
      if (type === "outposts:set" && texts && typeof texts === "object") take(texts);
      if (type === "outposts:ask") {
        told = 0;
        measure();
        tell();
      }
    };
    window.addEventListener("message", listen);
    window.addEventListener("resize", measure);
    state.on(tell);
    measure();
    tell();
    return () => {
      window.removeEventListener("message", listen);
      window.removeEventListener("resize", measure);
      state.off(tell);
    };
  }

  outposts.embed = embed;
})(window.outposts = window.outposts || {});
