/**
 * All venues on one canvas. Venues known only by their town share the town; marks that would overlap share a donut that
 * counts them. Groups depend on the zoom alone, so that nothing jumps while the day moves.
 */
(function (outposts) {
  "use strict";

  /** Distances in CSS pixels. */
  const NEAR = 52;
  const SINGLE = 9;
  const REACH = 22;
  const LABELS = 80;
  /** Groups up to which overlaps are looked for pair by pair. */
  const FEW = 300;
  /** Points from which groups are found by cells of the screen, and marks from which they are drawn as pixels. */
  const MANY_SITES = 500;
  const MANY_MARKS = 60;
  /** Where a label may stand, the best first: across (1 right, -1 left) and down (1 below, -1 above). */
  const SIDES = [[1, 0], [-1, 0], [1, -1], [1, 1], [-1, -1], [-1, 1], [1, -1.8], [1, 1.8], [-1, -1.8], [-1, 1.8], [0, 1], [0, -1]];
  const TILT = 10;
  const NAMES_FROM_ZOOM = 11;
  const NARROW = 600;
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Outposts Scripts', sans-serif";
  const LABEL_FONT = `600 12.5px ${FONT}`;

  const donutRadius = (count) => Math.min(13 + 1.6 * Math.log2(count), 26);

  const markRadius = (count) => (count > 1 ? donutRadius(count) : SINGLE);
  /** How near the marks of two counts may come. */
  const reach = (one, other) => 0.92 * (markRadius(one) + markRadius(other));

  /**
   * @typedef {object} Site a point of the map with at least one venue
   * @property {number} lat
   * @property {number} lon
   * @property {number} place index of its town, or -1
   * @property {number} radius metres that it can be off
   * @property {number} count
   */

  /** The ring around a chosen or a pointed-at mark; it looks the same drawn over or under what is there. */
  function drawRing(context, x, y, radius, chosen, look) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = chosen ? 2.5 : 1.25;
    context.strokeStyle = look.ink;
    context.fillStyle = look.plate;
    if (context.globalCompositeOperation !== "destination-over") context.fill();
    context.stroke();
    if (context.globalCompositeOperation === "destination-over") context.fill();
  }

  /** The groups of very many points. @returns {{sites: number[], count: number, x: number, y: number}[]} */
  function groupMany(world, sites, groupOf, scale) {
    const found = outposts.groups(world, Uint32Array.from(sites, (site) => site.count), scale, markRadius);
    const groups = Array.from(found.x, (x, g) => ({sites: [], count: found.counts[g], x, y: found.y[g]}));
    groupOf.set(found.groupOf);
    groupOf.forEach((g, s) => groups[g].sites.push(s));
    return groups;
  }

  /** Joins groups that came to overlap by growing, until none do. */
  function joinOverlaps(groups, groupOf, scale) {
    for (let again = true; again;) {
      again = false;
      for (let a = 0; a < groups.length; a += 1) {
        for (let b = groups.length - 1; b > a; b -= 1) {
          const [one, other] = [groups[a], groups[b]];
          if (Math.hypot(one.x - other.x, one.y - other.y) * scale > reach(one.count, other.count)) continue;
          const count = one.count + other.count;
          one.x = (one.x * one.count + other.x * other.count) / count;
          one.y = (one.y * one.count + other.y * other.count) / count;
          one.count = count;
          one.sites.push(...other.sites);
          groups.splice(b, 1);
          again = true;
        }
      }
    }
    groups.forEach((group, g) => group.sites.forEach((s) => (groupOf[s] = g)));
  }

  const Markers = outposts.MarksLayer.extend({
    options: {pane: "markerPane"},

    /**
     * @param {object} data the block `outposts-data`
     * @param {{placeName: function(object): string}} options
     */
    initialize(data, options) {
      L.setOptions(this, options);
      this._data = data;
      this._codes = data.statuses;
      this._placeSites(data);
      this._selected = -1;
      this._hovered = -1;
      this._shown = new Uint8Array(data.venues.length);
      this._statuses = new Uint8Array(data.venues.length);
    },

    _placeSites(data) {
      const sites = new Map();
      this._siteOf = new Int32Array(data.venues.length).fill(-1);
      /** @type {Site[]} */
      this.sites = [];
      data.venues.forEach((venue, v) => {
        const place = venue.place === null || venue.place === undefined ? -1 : venue.place;
        const town = place >= 0 && (venue.precision === "place" || venue.lon === null);
        const at = town ? data.places[place] : venue;
        if (at.lon === null || at.lon === undefined || venue.precision === "country") return;
        const key = town ? `p${place}` : `${at.lon},${at.lat}`;
        if (!sites.has(key)) {
          sites.set(key, this.sites.length);
          this.sites.push({lat: at.lat, lon: at.lon, place, town, radius: at.radius_m || 0, count: 0, venue: v});
        }
        this._siteOf[v] = sites.get(key);
        this.sites[sites.get(key)].count += 1;
      });
    },

    /** Where a venue is drawn, or null for one known only by its country. @returns {L.LatLng | null} */
    latLngOf(venue) {
      const site = this.sites[this._siteOf[venue]];
      return site ? L.latLng(site.lat, site.lon) : null;
    },

    onAdd(map) {
      this._world = new Float64Array(this.sites.length * 2);
      this.sites.forEach((site, s) => {
        const point = map.options.crs.latLngToPoint(L.latLng(site.lat, site.lon), 0);
        this._world[2 * s] = point.x;
        this._world[2 * s + 1] = point.y;
      });
      this._begin(map, {canvas: "outposts-markers", tip: "outposts-tip"});
    },

    /**
     * Shows the venues' statuses; the arrays are read when drawing.
     * @param {Uint8Array} statuses by venue
     * @param {Uint8Array} shown 1 where the venue is drawn
     */
    show(statuses, shown) {
      this._statuses = statuses;
      this._shown = shown;
      this._stale = true;
      this.redraw();
    },

    /** Rings the venue's mark. @param {number} venue index, or -1 */
    select(venue) {
      this._selected = venue;
      this.redraw();
    },

    /** Rings the venue's mark lightly. @param {number} venue index, or -1 */
    point(venue) {
      if (venue === this._hovered) return;
      this._hovered = venue;
      this.redraw();
    },

    /** Draws at once on a new sheet, for paper. */
    drawNow() {
      this._canvas.width = 0;
      this._draw(true);
    },

    /** Joins sites whose marks would overlap, the most populous first. */
    _group(zoom) {
      const scale = this._scale(zoom);
      const {sites, _world: world} = this;
      const groupOf = new Int32Array(sites.length).fill(-1);
      const groups = sites.length > MANY_SITES ? groupMany(world, sites, groupOf, scale) : this._groupFew(scale, groupOf);
      this._zoom = zoom;
      this._groups = groups;
      this._groupOf = groupOf;
      this._counts = new Uint32Array(groups.length * this._codes.length);
      this._sums = new Uint32Array(groups.length);
      this._one = new Int32Array(groups.length);
      this._sides = null;
      this._stale = true;
    },

    _groupFew(scale, groupOf) {
      const {sites, _world: world} = this;
      const order = sites.map((_, s) => s).sort((a, b) => sites[b].count - sites[a].count || a - b);
      const cellOf = (s) => [Math.floor((world[2 * s] * scale) / NEAR), Math.floor((world[2 * s + 1] * scale) / NEAR)];
      const cells = new Map();
      for (const s of order) {
        const key = cellOf(s).join();
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(s);
      }
      /** @type {{sites: number[], count: number, x: number, y: number}[]} */
      const groups = [];
      for (const s of order) {
        if (groupOf[s] >= 0) continue;
        const [column, row] = cellOf(s);
        const group = {sites: [], count: 0, x: 0, y: 0};
        for (let dx = -1; dx <= 1; dx += 1) {
          for (let dy = -1; dy <= 1; dy += 1) {
            for (const near of cells.get(`${column + dx},${row + dy}`) || []) {
              const distance = Math.hypot(world[2 * near] - world[2 * s], world[2 * near + 1] - world[2 * s + 1]) * scale;
              if (groupOf[near] >= 0 || distance > reach(group.count || sites[s].count, sites[near].count)) continue;
              groupOf[near] = groups.length;
              group.sites.push(near);
              group.count += sites[near].count;
              group.x += world[2 * near] * sites[near].count;
              group.y += world[2 * near + 1] * sites[near].count;
            }
          }
        }
        group.x /= group.count;
        group.y /= group.count;
        groups.push(group);
      }
      if (groups.length <= FEW) joinOverlaps(groups, groupOf, scale);
      return groups;
    },

    /** Counts the shown venues of each group by status. */
    _count() {
      const width = this._codes.length;
      this._counts.fill(0);
      this._sums.fill(0);
      this._one.fill(-1);
      for (let v = 0; v < this._shown.length; v += 1) {
        const site = this._siteOf[v];
        if (!this._shown[v] || site < 0) continue;
        const group = this._groupOf[site];
        this._counts[group * width + this._statuses[v]] += 1;
        this._sums[group] += 1;
        this._one[group] = v;
      }
      this._stale = false;
    },

    _nameOf(group) {
      const {sites} = this;
      const first = sites[group.sites[0]];
      const {venues, places} = this._data;
      if (group.count === 1 && (this._zoom >= NAMES_FROM_ZOOM || first.place < 0)) return venues[first.venue].name;
      const towns = [...new Set([...group.sites].sort((a, b) => sites[b].count - sites[a].count).map((s) => sites[s].place))].filter((place) => place >= 0);
      if (!towns.length) return "";
      const name = places[towns[0]].name;
      if (towns.length === 1) return name;
      // Where there is little room the tooltip and the card name the others.
      return this._map.getSize().x < NARROW ? `${name} +${towns.length - 1}` : outposts.words.text("andTowns", {place: name, n: towns.length - 1});
    },

    /** Chooses each label's side, once for a zoom: an index into SIDES, or -1 for none. */
    _placeLabels(context, scale) {
      const boxes = this._groups.map((group) => {
        const radius = markRadius(group.count) + 2;
        const [x, y] = [group.x * scale, group.y * scale];
        return [x - radius, y - radius, x + radius, y + radius];
      });
      const marks = boxes.length;
      context.font = LABEL_FONT;
      this._names = this._groups.map((group) => this._nameOf(group));
      this._sides = new Int8Array(marks).fill(-1);
      const order = this._groups.map((_, g) => g).sort((a, b) => this._groups[b].count - this._groups[a].count).slice(0, LABELS);
      for (const g of order) {
        if (!this._names[g]) continue;
        const width = Math.min(context.measureText(this._names[g]).width, 180);
        const [left, top, right, bottom] = boxes[g];
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        const sides = SIDES.map(([across, down]) => {
          const from = across > 0 ? right + 1 : across < 0 ? left - 5 - width : x - width / 2;
          const middle = across ? y + down * TILT : down > 0 ? bottom + 8 : top - 8;
          return [from, middle - 8, from + width + (across ? 4 : 0), middle + 8];
        });
        this._sides[g] = sides.findIndex((side) => boxes.every((box, b) => b === g
          || side[2] < box[0] || side[0] > box[2] || side[3] < box[1] || side[1] > box[3]));
        if (this._sides[g] >= 0) boxes.push(sides[this._sides[g]]);
      }
      /** Marks and labels in the world's pixels at this zoom. */
      this._boxes = boxes;
    },

    /** Whether a mark or a label may lie in a box of the map's container, shown on this day or not. @param {L.Bounds} box */
    covers(box) {
      const map = this._map;
      if (!map) return false;
      const zoom = map.getZoom();
      if (this._zoom !== zoom) this._group(zoom);
      if (!this._sides) this._placeLabels(this._canvas.getContext("2d"), this._scale(zoom));
      const origin = map.getPixelBounds().min;
      const [left, top, right, bottom] = [box.min.x + origin.x, box.min.y + origin.y, box.max.x + origin.x, box.max.y + origin.y];
      return this._boxes.some((taken) => left < taken[2] && right > taken[0] && top < taken[3] && bottom > taken[1]);
    },

    _scale(zoom) {
      return this._map.options.crs.scale(zoom) / this._map.options.crs.scale(0);
    },

    _draw(vectors = false) {
      const map = this._map;
      const zoom = map.getZoom();
      const size = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      const canvas = this._canvas;
      const resized = canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio);
      if (resized) {
        canvas.width = Math.round(size.x * ratio);
        canvas.height = Math.round(size.y * ratio);
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      const corner = map.containerPointToLayerPoint([0, 0]);
      L.DomUtil.setTransform(canvas, corner, 1);
      this._drawnZoom = zoom;
      this._drawnCorner = map.containerPointToLatLng([0, 0]);
      if (this._zoom !== zoom) this._group(zoom);
      if (this._stale) this._count();

      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      // A resized canvas is empty; to clear it all the same would be a white sheet in Chromium's PDFs.
      if (!resized) context.clearRect(0, 0, size.x, size.y);
      const scale = this._scale(zoom);
      if (!this._sides) this._placeLabels(context, scale);
      const origin = map.getPixelOrigin().add(corner);
      const style = getComputedStyle(map.getContainer());
      const property = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
      const look = {
        plate: property("--outposts-plate", "#fff"), ink: property("--outposts-ink", "#111"), font: `700 12px ${FONT}`,
        halo: property("--outposts-halo", "rgba(255,255,255,.9)"),
      };
      const chosen = this._groupIndex(this._selected);
      const pointed = this._groupIndex(this._hovered);
      /** Drawn marks, four numbers each: x, y, radius, group. */
      this._drawn = [];
      for (let g = 0; g < this._groups.length; g += 1) {
        const sum = this._sums[g];
        if (!sum) continue;
        const x = this._groups[g].x * scale - origin.x;
        const y = this._groups[g].y * scale - origin.y;
        if (x < -200 || y < -60 || x > size.x + 200 || y > size.y + 60) continue;
        const radius = markRadius(sum);
        this._drawn.push(x, y, radius, g);
      }
      if (!vectors && this._drawn.length > 4 * MANY_MARKS) this._drawPixels(context, chosen, pointed, look, ratio);
      else this._drawShapes(context, chosen, pointed, look);
      context.font = LABEL_FONT;
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = 3.5;
      context.strokeStyle = look.halo;
      context.fillStyle = look.ink;
      for (let i = 0; i < this._drawn.length; i += 4) this._drawLabel(context, i, chosen);
    },

    _drawShapes(context, chosen, pointed, look) {
      const width = this._codes.length;
      for (let i = 0; i < this._drawn.length; i += 4) this._drawHalo(context, i, chosen, look);
      for (let i = 0; i < this._drawn.length; i += 4) {
        const [x, y, radius, g] = this._drawn.slice(i, i + 4);
        const sum = this._sums[g];
        if (g === pointed || g === chosen) drawRing(context, x, y, radius + 5, g === chosen, look);
        if (sum > 1) outposts.marks.donut(context, this._counts, g * width, this._codes, sum, x, y, radius, look);
        else outposts.marks.draw(context, this._codes[this._statuses[this._one[g]]], x, y, radius, look.plate);
      }
    },

    /** The same as one picture, for many marks; then what lies under them. */
    _drawPixels(context, chosen, pointed, look, ratio) {
      const {canvas} = context;
      const key = JSON.stringify([look, ratio, this._codes.map(outposts.marks.color)]);
      if (this._painterKey !== key) this._painter = new outposts.Painter(this._codes, look, ratio);
      this._painterKey = key;
      this._painter.begin(canvas.width, canvas.height);
      for (let i = 0; i < this._drawn.length; i += 4) {
        const [x, y, radius, g] = [this._drawn[i], this._drawn[i + 1], this._drawn[i + 2], this._drawn[i + 3]];
        if (this._sums[g] > 1) this._painter.donut(this._counts, g * this._codes.length, this._sums[g], x, y, radius);
        else this._painter.mark(this._statuses[this._one[g]], x, y, radius);
      }
      this._painter.end(context);
      context.save();
      context.globalCompositeOperation = "destination-over";
      for (let i = 0; i < this._drawn.length; i += 4) {
        const [x, y, radius, g] = this._drawn.slice(i, i + 4);
        if (g === pointed || g === chosen) drawRing(context, x, y, radius + 5, g === chosen, look);
      }
      for (let i = 0; i < this._drawn.length; i += 4) this._drawHalo(context, i, chosen, look);
      context.restore();
    },

    _groupIndex(venue) {
      const site = venue < 0 ? -1 : this._siteOf[venue];
      return site < 0 ? -1 : this._groupOf[site];
    },

    /** The circle in which the venues may stand, wherever the mark does not cover it: or the mark would be an exact dot. */
    _drawHalo(context, i, chosen, look) {
      const [x, y, radius, g] = this._drawn.slice(i, i + 4);
      const group = this._groups[g];
      if (group.sites.length > 1) return;
      const site = this.sites[group.sites[0]];
      const metres = (40075016.7 * Math.cos((site.lat * Math.PI) / 180)) / this._map.options.crs.scale(this._map.getZoom());
      const reach = site.radius / metres;
      if (reach < radius + 1 || reach > 2000) return;
      context.save();
      context.beginPath();
      context.arc(x, y, reach, 0, 2 * Math.PI);
      context.fillStyle = look.ink;
      context.globalAlpha = g === chosen ? 0.08 : 0.04;
      context.fill();
      context.globalAlpha = g === chosen ? 0.8 : 0.35;
      context.setLineDash([4, 4]);
      context.lineWidth = 1.25;
      context.strokeStyle = look.ink;
      context.stroke();
      context.restore();
    },

    _drawLabel(context, i, chosen) {
      const [x, y, radius, g] = this._drawn.slice(i, i + 4);
      const side = this._sides[g];
      if (side < 0) return;
      const away = radius + (g === chosen ? 9 : 5);
      const [across, down] = SIDES[side];
      const left = x + across * away;
      const middle = y + down * (across ? TILT : away + 7);
      context.textAlign = across > 0 ? "left" : across < 0 ? "right" : "center";
      context.strokeText(this._names[g], left, middle, 180);
      context.fillText(this._names[g], left, middle, 180);
    },

    /** The drawn group nearest to a point of the map's container, or -1. */
    _hit(point) {
      let nearest = -1;
      let best = Infinity;
      for (let i = 0; i < (this._drawn || []).length; i += 4) {
        const distance = Math.hypot(this._drawn[i] - point.x, this._drawn[i + 1] - point.y);
        if (distance < Math.max(this._drawn[i + 2] + 4, REACH) && distance < best) {
          best = distance;
          nearest = this._drawn[i + 3];
        }
      }
      return nearest;
    },

    /** The shown venues of a group. @returns {number[]} */
    _venuesOf(group) {
      const venues = [];
      for (let v = 0; v < this._shown.length; v += 1) {
        if (this._shown[v] && this._groupIndex(v) === group) venues.push(v);
      }
      return venues;
    },

    /** The towns of a group's shown venues, all of them. */
    _townsOf(group) {
      const {venues, places} = this._data;
      const towns = new Set(this._venuesOf(group).map((v) => venues[v].place).filter((place) => Number.isInteger(place)));
      return [...towns].map((place) => places[place].name).join(", ");
    },

    _hover(event) {
      const group = this._hit(event.containerPoint);
      this._map.getContainer().classList.toggle("outposts-over-mark", group >= 0);
      this._tip.hidden = group < 0;
      if (group < 0) return;
      const {words} = outposts;
      const width = this._codes.length;
      const only = this._sums[group] === 1 ? this._one[group] : -1;
      const name = only >= 0 ? this._data.venues[only].name : this._townsOf(group) || this._names[group];
      const counts = this._counts.subarray(group * width, group * width + width);
      const told = only >= 0 ? words.status(this._codes[this._statuses[only]]) : words.counts(counts, this._codes);
      this._tip.textContent = `${name}: ${told}`;
      const {x, y} = event.containerPoint;
      const left = Math.min(x + 14, this._map.getSize().x - this._tip.offsetWidth - 8);
      this._tip.style.transform = `translate(${Math.max(8, left)}px, ${y + 18}px)`;
    },

    _leave() {
      this._tip.hidden = true;
    },

    _click(event) {
      const group = this._hit(event.containerPoint);
      if (group < 0) return;
      const venues = this._venuesOf(group);
      const members = this._groups[group].sites;
      if (venues.length === 1) {
        this.fire("venue", {venue: venues[0]});
      } else if (members.length > 1 && this._map.getZoom() < this._map.getMaxZoom() && this._map.getZoom() < 16) {
        const bounds = L.latLngBounds(members.map((s) => [this.sites[s].lat, this.sites[s].lon]));
        this.fire("zoom", {bounds});
      } else {
        this.fire("place", {venues, name: this._names[group]});
      }
    },
  });

  outposts.Markers = Markers;
})(window.outposts = window.outposts || {});
