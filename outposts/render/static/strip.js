/**
 * A venue's history as a strip: a bar for each run, as long as it lasted; beginnings and ends that lie somewhere in a
 * window fade. The strip's marker of the shown day follows the CSS property `--outposts-at`.
 */
(function (outposts) {
  "use strict";

  const {svg} = outposts.element;
  /** A bar's share of the strip's height, so that statuses differ without colour. */
  const HEIGHTS = {open: 8, "presumed-open": 4, disputed: 8, suspended: 5, closed: 2, unknown: 2, "not-yet-open": 0};
  const WIDTH = 1000;
  const HEIGHT = 10;

  /** The gradients of fading bars; put them into the page once. */
  function gradients() {
    const stop = (offset, opacity) => svg("stop", {offset, "stop-opacity": opacity, class: "outposts-fade"});
    return svg("svg", {class: "outposts-sprite", width: 0, height: 0, "aria-hidden": "true"},
      svg("linearGradient", {id: "outposts-fade-in"}, stop(0, 0), stop(1, 1)),
      svg("linearGradient", {id: "outposts-fade-out"}, stop(0, 1), stop(1, 0)));
  }

  /**
   * @param {{start: number | null, end: number | null, status: string, reason: number}[]} runs
   * @param {[number, number]} span the days at both ends
   * @param {string[]} reasons codes by index
   * @returns {SVGElement}
   */
  function strip(runs, span, reasons) {
    const length = Math.max(1, span[1] - span[0]);
    const x = (day) => Math.min(Math.max((day - span[0]) / length, 0), 1) * WIDTH;
    const bars = [];
    const kindOf = (run) => ({opening: "in", closing: "out"})[reasons[run.reason]] || run.status;
    for (const run of joined(runs, kindOf)) {
      const from = run.start === null ? 0 : x(run.start);
      const to = run.end === null ? WIDTH : x(run.end);
      const fade = {opening: "in", closing: "out"}[reasons[run.reason]];
      const height = fade ? HEIGHTS.open : HEIGHTS[run.status];
      if (to <= from || !height) continue;
      bars.push(svg("rect", {
        x: from.toFixed(1), y: (HEIGHT - height) / 2, width: Math.max(to - from, 4).toFixed(1), height,
        class: fade ? null : `outposts-is-${run.status}`, fill: fade ? `url(#outposts-fade-${fade})` : "currentColor",
      }));
    }
    return svg("svg", {class: "outposts-strip-bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false"}, bars);
  }

  /** Neighbouring runs of one kind as one. */
  function joined(runs, kindOf) {
    const result = [];
    for (const run of runs) {
      const last = result[result.length - 1];
      if (last && kindOf(last) === kindOf(run)) last.end = run.end;
      else result.push({...run});
    }
    return result;
  }

  outposts.strip = strip;
  outposts.strip.joined = joined;
  outposts.strip.gradients = gradients;
})(window.outposts = window.outposts || {});
