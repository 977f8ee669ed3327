/**
 * For pages that embed maps: gives each `iframe[data-outposts]` the height that it asks for, and lets the elements with
 * `data-outposts-step` drive a map as the reader scrolls. A step's value is a fragment of the map's address without its
 * "#"; it drives the frame whose id `data-outposts-for` names, else the first on the page. It asks nobody for anything.
 */
(function () {
  "use strict";

  // Included once per map: the first stays, and looks for what was added to the page since.
  if (window.outpostsLoader) {
    window.outpostsLoader();
    return;
  }
  /** The least and the most pixels that a frame may have, whatever it asks for. */
  const [LEAST, MOST] = [200, 3000];
  /** The frames that have spoken: the others are not loaded yet. */
  const awake = new WeakSet();
  /** frame -> the step that the reader is at. */
  const at = new WeakMap();

  const frames = () => [...document.querySelectorAll("iframe[data-outposts]")];
  /** Who may speak for a frame: in a sandbox it has no origin of its own. */
  const originOf = (frame) => (frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin") ? "null" : new URL(frame.src, document.baseURI).origin);
  /** A frame in a sandbox can be addressed by "*" only; what is sent is a day and a venue. */
  const send = (frame, message) => frame.contentWindow && frame.contentWindow.postMessage(message, "*");
  const drive = (frame) => at.has(frame) && send(frame, {type: "outposts:set", state: Object.fromEntries(new URLSearchParams(at.get(frame)))});

  window.addEventListener("message", ({source, origin, data}) => {
    const frame = source && frames().find((each) => each.contentWindow === source);
    if (!frame || origin !== originOf(frame) || !data) return;
    if (data.type === "outposts:height" && Number.isFinite(data.height)) frame.height = Math.round(Math.min(Math.max(data.height, LEAST), MOST));
    if (data.type !== "outposts:state" || awake.has(frame)) return;
    awake.add(frame);
    drive(frame);
  });

  // A step begins where its top passes a line two thirds down: below a map that sticks to the top of a phone.
  const watcher = new IntersectionObserver((entries) => {
    for (const {isIntersecting, target} of entries) {
      target.toggleAttribute("data-outposts-now", isIntersecting);
      const frame = document.getElementById(target.dataset.outpostsFor) || frames()[0];
      if (!isIntersecting || !frame) continue;
      at.set(frame, target.dataset.outpostsStep);
      if (awake.has(frame)) drive(frame);
    }
  }, {rootMargin: "-66% 0px -33% 0px"});

  function look() {
    for (const step of document.querySelectorAll("[data-outposts-step]")) watcher.observe(step);
    for (const frame of frames()) if (!awake.has(frame)) send(frame, {type: "outposts:ask"}); // it may have spoken before we listened
  }

  window.outpostsLoader = look;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", look);
  else look();
})();
