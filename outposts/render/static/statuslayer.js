/**
 * The layer of `outposts.statusTimeline`: one canvas, one picture a step; marks that would overlap share a donut.
 */
(function (outposts) {
  "use strict";

  const SINGLE = 8;
  const REACH = 22;
  const PLACE = 12;
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Outposts Scripts', sans-serif";

  const radiusOf = (count) => (count > 1 ? Math.min(12 + 1.5 * Math.log2(count), 25) : SINGLE);

  const StatusLayer = outposts.MarksLayer.extend({
    options: {pane: "markerPane"},

    /**
     * @param {outposts.StatusRuns} runs
     * @param {string[]} codes of the statuses, as `marks` knows them
     * @param {{tell: function(number, Uint32Array): string}} options what a group of one venue (its index, else -1) and its counts are called
     */
    initialize(runs, codes, options) {
      L.setOptions(this, options);
      this._runs = runs;
      this._codes = codes;
      this._statuses = runs.statuses;
      this._bits = -1;
      this._chosen = -1;
      /** Drawn marks, four numbers each: x, y, radius, group. */
      this._drawn = [];
    },

    onAdd(map) {
      this._project(map.options.crs);
      this._begin(map, {canvas: "outposts-plugin-marks", tip: "outposts-plugin outposts-plugin-tip"});
    },

    /** Places all venues in the world's pixels at zoom 0. */
    _project(crs) {
      const {x, y} = this._runs;
      const {GRID} = outposts.StatusRuns;
      this._world = new Float64Array(2 * x.length);
      for (let v = 0; v < x.length; v += 1) {
        if (crs === L.CRS.EPSG3857) {
          this._world[2 * v] = (x[v] / GRID) * 256;
          this._world[2 * v + 1] = (y[v] / GRID) * 256;
        } else {
          const point = crs.latLngToPoint(this.latLngOf(v), 0);
          this._world[2 * v] = point.x;
          this._world[2 * v + 1] = point.y;
        }
      }
    },

    /** Where a venue is. @returns {L.LatLng} */
    latLngOf(venue) {
      const {GRID} = outposts.StatusRuns;
      const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * this._runs.y[venue]) / GRID))) * 180) / Math.PI;
      return L.latLng(lat, (this._runs.x[venue] / GRID) * 360 - 180);
    },

    /**
     * Shows the venues' statuses, which are read when drawing.
     * @param {Uint8Array} statuses by venue
     * @param {number} bits bit s is set where status s is shown
     */
    show(statuses, bits) {
      this._statuses = statuses;
      this._bits = bits;
      this._stale = true;
      this.redraw();
    },

    /** Rings a venue's mark. @param {number} venue index, or -1 */
    select(venue) {
      this._chosen = venue;
      this.redraw();
    },

    _scale() {
      const {crs} = this._map.options;
      return crs.scale(this._map.getZoom()) / crs.scale(0);
    },

    _group() {
      this._groups = outposts.groups(this._world, null, this._scale(), radiusOf);
      this._zoom = this._map.getZoom();
      const count = this._groups.x.length;
      this._counts = new Uint32Array(count * this._codes.length);
      this._sums = new Uint32Array(count);
      this._one = new Int32Array(count);
      this._stale = true;
    },

    _shown(venue) {
      const status = this._statuses[venue];
      return status !== outposts.StatusRuns.NONE && (this._bits >> status) & 1;
    },

    _count() {
      const width = this._codes.length;
      const {groupOf} = this._groups;
      this._counts.fill(0);
      this._sums.fill(0);
      this._one.fill(-1);
      for (let v = 0; v < groupOf.length; v += 1) {
        if (!this._shown(v)) continue;
        this._counts[groupOf[v] * width + this._statuses[v]] += 1;
        this._sums[groupOf[v]] += 1;
        this._one[groupOf[v]] = v;
      }
      this._stale = false;
    },

    _brush(ratio) {
      const style = getComputedStyle(this._tip);
      const property = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
      const look = {plate: property("--outposts-plate", "#fff"), ink: property("--outposts-ink", "#111"), font: `700 12px ${FONT}`};
      const key = JSON.stringify([look, ratio, this._codes.map(outposts.marks.color)]);
      if (this._painterKey !== key) this._painter = new outposts.Painter(this._codes, look, ratio);
      this._painterKey = key;
      return [this._painter, look];
    },

    _draw() {
      const map = this._map;
      const size = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      const canvas = this._canvas;
      const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      if (!width || !height) return;
      if (canvas.width !== width || canvas.height !== height) {
        [canvas.width, canvas.height] = [width, height];
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      const corner = map.containerPointToLayerPoint([0, 0]);
      L.DomUtil.setTransform(canvas, corner, 1);
      this._drawnCorner = map.containerPointToLatLng([0, 0]);
      this._drawnZoom = map.getZoom();
      if (this._zoom !== map.getZoom()) this._group();
      if (this._stale) this._count();
      const context = canvas.getContext("2d");
      const [painter, look] = this._brush(ratio);
      painter.begin(width, height);
      const {x, y, groupOf} = this._groups;
      const scale = this._scale();
      const origin = map.getPixelOrigin().add(corner);
      const chosen = this._chosen < 0 ? -1 : groupOf[this._chosen];
      this._drawn = [];
      for (let g = 0; g < x.length; g += 1) {
        const sum = this._sums[g];
        if (!sum) continue;
        const [left, top] = [x[g] * scale - origin.x, y[g] * scale - origin.y];
        if (left < -30 || top < -30 || left > size.x + 30 || top > size.y + 30) continue;
        const radius = radiusOf(sum);
        this._drawn.push(left, top, radius, g);
        if (sum > 1) painter.donut(this._counts, g * this._codes.length, sum, left, top, radius);
        else painter.mark(this._statuses[this._one[g]], left, top, radius);
      }
      painter.end(context);
      const at = this._drawn.findIndex((value, i) => i % 4 === 3 && value === chosen);
      if (at < 0) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.beginPath();
      context.arc(this._drawn[at - 3], this._drawn[at - 2], this._drawn[at - 1] + 4, 0, 2 * Math.PI);
      context.strokeStyle = look.ink;
      context.lineWidth = 2.5;
      context.stroke();
    },

    /** The drawn group nearest to a point of the map's container, or -1. */
    _hit(point) {
      let [nearest, best] = [-1, Infinity];
      for (let i = 0; i < this._drawn.length; i += 4) {
        const distance = Math.hypot(this._drawn[i] - point.x, this._drawn[i + 1] - point.y);
        if (distance < Math.max(this._drawn[i + 2] + 4, REACH) && distance < best) [nearest, best] = [this._drawn[i + 3], distance];
      }
      return nearest;
    },

    _hover(event) {
      const group = this._hit(event.containerPoint);
      this._map.getContainer().classList.toggle("outposts-plugin-over", group >= 0);
      this._tip.hidden = group < 0;
      if (group < 0) return;
      const width = this._codes.length;
      const only = this._sums[group] === 1 ? this._one[group] : -1;
      this._tip.textContent = this.options.tell(only, this._counts.subarray(group * width, (group + 1) * width));
      const {x, y} = event.containerPoint;
      const left = Math.max(8, Math.min(x + PLACE, this._map.getSize().x - this._tip.offsetWidth - 8));
      this._tip.style.transform = `translate(${left}px, ${y + 18}px)`;
    },

    _leave() {
      this._tip.hidden = true;
    },

    _click(event) {
      const map = this._map;
      const group = this._hit(event.containerPoint);
      if (group < 0) return;
      const venues = [];
      this._groups.groupOf.forEach((own, v) => {
        if (own === group && this._shown(v)) venues.push(v);
      });
      const bounds = venues.length < 2 ? null : L.latLngBounds(extremes(this._runs, venues).map((v) => this.latLngOf(v)));
      const nearer = bounds && map.getZoom() < map.getMaxZoom() && map.getZoom() < 19 && !bounds.getNorthEast().equals(bounds.getSouthWest());
      this._tip.hidden = true;
      if (nearer) map.fitBounds(bounds, {padding: [40, 40], maxZoom: Math.max(map.getZoom() + 1, 16)});
      else this.fire("venues", {venues, latlng: this.latLngOf(venues[0])});
    },
  });

  /** The venues that lie furthest west, east, north and south. */
  function extremes({x, y}, venues) {
    const most = (better) => venues.reduce((best, v) => (better(v, best) ? v : best));
    return [most((a, b) => x[a] < x[b]), most((a, b) => x[a] > x[b]), most((a, b) => y[a] < y[b]), most((a, b) => y[a] > y[b])];
  }

  outposts.StatusLayer = StatusLayer;
})(window.outposts = window.outposts || {});
