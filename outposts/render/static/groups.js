/**
 * Points whose marks would overlap, joined: by cells of the screen first, so that a hundred thousand points take
 * milliseconds. The result depends on the zoom alone.
 */
(function (outposts) {
  "use strict";

  /** A cell's side, CSS pixels. */
  const CELL = 56;
  const PASSES = 8;
  /** Cells along a world's side are numbered with this; far more than any zoom has. */
  const ROWS = 2 ** 26;
  const NOBODY = [];

  /**
   * @param {Float64Array} world x and y of each point in the world's pixels at zoom 0
   * @param {ArrayLike<number> | null} weights of the points; 1 each if null
   * @param {number} scale pixels at this zoom for one at zoom 0
   * @param {function(number): number} radiusOf a mark that counts so many
   * @returns {{groupOf: Int32Array, x: Float64Array, y: Float64Array, counts: Uint32Array, sites: Uint32Array}} `x` and `y` as in
   *   `world`; `sites` counts points, `counts` weighs them
   */
  function groups(world, weights, scale, radiusOf) {
    const points = world.length / 2;
    const groupOf = new Int32Array(points);
    const cells = new Map();
    let [x, y, counts, sites] = [[], [], [], []];
    const cellOf = (wx, wy) => Math.floor((wx * scale) / CELL) * ROWS + Math.floor((wy * scale) / CELL);
    for (let p = 0; p < points; p += 1) {
      const cell = cellOf(world[2 * p], world[2 * p + 1]);
      let group = cells.get(cell);
      if (group === undefined) {
        group = x.length;
        cells.set(cell, group);
        x.push(0);
        y.push(0);
        counts.push(0);
        sites.push(0);
      }
      const weight = weights ? weights[p] : 1;
      groupOf[p] = group;
      x[group] += world[2 * p] * weight;
      y[group] += world[2 * p + 1] * weight;
      counts[group] += weight;
      sites[group] += 1;
    }
    for (let g = 0; g < x.length; g += 1) {
      x[g] /= counts[g];
      y[g] /= counts[g];
    }
    const into = Int32Array.from(x, (_, g) => g);
    for (let pass = 0; pass < PASSES && joinOnce(); pass += 1);

    /** Joins each group with the neighbours that it overlaps, the most populous first. @returns {boolean} whether any did */
    function joinOnce() {
      const near = new Map();
      const alive = [];
      for (let g = 0; g < x.length; g += 1) {
        if (into[g] !== g) continue;
        alive.push(g);
        const cell = cellOf(x[g], y[g]);
        if (near.has(cell)) near.get(cell).push(g);
        else near.set(cell, [g]);
      }
      alive.sort((a, b) => counts[b] - counts[a] || a - b);
      let joined = false;
      for (const g of alive) {
        if (into[g] !== g) continue;
        const cell = cellOf(x[g], y[g]);
        for (let dx = -1; dx <= 1; dx += 1) {
          for (let dy = -1; dy <= 1; dy += 1) {
            for (const other of near.get(cell + dx * ROWS + dy) || NOBODY) {
              if (other === g || into[other] !== other) continue;
              const right = (x[g] - x[other]) * scale;
              const down = (y[g] - y[other]) * scale;
              const reach = 0.92 * (radiusOf(counts[g]) + radiusOf(counts[other]));
              if (right * right + down * down > reach * reach) continue;
              const sum = counts[g] + counts[other];
              x[g] = (x[g] * counts[g] + x[other] * counts[other]) / sum;
              y[g] = (y[g] * counts[g] + y[other] * counts[other]) / sum;
              counts[g] = sum;
              sites[g] += sites[other];
              into[other] = g;
              joined = true;
            }
          }
        }
      }
      return joined;
    }

    const index = new Int32Array(x.length).fill(-1);
    let kept = 0;
    for (let g = 0; g < x.length; g += 1) if (into[g] === g) index[g] = kept++;
    const last = (g) => {
      while (into[g] !== g) g = into[g];
      return g;
    };
    const final = Int32Array.from(index, (_, g) => index[last(g)]);
    for (let p = 0; p < points; p += 1) groupOf[p] = final[groupOf[p]];
    const pick = (values, Kind) => Kind.from(values.filter((_, g) => into[g] === g));
    return {groupOf, x: pick(x, Float64Array), y: pick(y, Float64Array), counts: pick(counts, Uint32Array), sites: pick(sites, Uint32Array)};
  }

  outposts.groups = groups;
})(window.outposts = window.outposts || {});
