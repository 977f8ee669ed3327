/**
 * The basemap: countries, borders, lakes, rivers and names on one canvas, from a block in the page.
 *
 * Nothing is fetched. The block's arcs are base64 of raw deflate of varints (geodata/basemap/README.md
 * says how); they are unpacked once, projected once, and drawn anew whenever the map has moved.
 */
(function (outposts) {
  "use strict";

  /**
   * @typedef {Object} BasemapData  one file of geodata/basemap
   * @property {string} name
   * @property {number} scale  units to a degree
   * @property {number} maxZoom  beyond it the outlines look coarse
   * @property {string} arcs
   * @property {[string, number, number][]} towns  name, lon and lat; the most populous first
   * @property {{scale: number, arcs: string}} [streets]  a user's own, drawn from zoom 9
   * @property {{countries: Array<Country>, coast: Array<Lines>, borders: Array<Lines>,
   *             lakes: Array<Area>, rivers: Array<Lines>, provinces: Array<Lines>, urban: Array<Area>}} layers
   *
   * @typedef {{iso: ?string, name: string, label: [number, number], rank: number, rings: number[][]}} Country
   * @typedef {{rings: number[][]}} Area
   * @typedef {{arcs: number[], disputed: (boolean|undefined)}} Lines
   *
   * @typedef {Object} BasemapOptions
   * @property {?string[]} [focus]  ISO alpha-2 codes of the countries that are drawn bright; the others
   *   are drawn dim. Null or missing: all are bright.
   * @property {boolean} [labels]  whether to write the countries' names; default true
   * @property {function(Country): string} [nameOf]  a country's name in the reader's language; default its English one
   * @property {function(L.Bounds): boolean} [avoid]  called with a name's box in container pixels; true
   *   keeps the name off the map
   * @property {?[number, number]} [rings]  lon and lat of a point around which circles tell distances, from zoom 8
   * @property {number} [padding]  how much larger than the map the canvas is, on each side, as a part of
   *   the map's size; default 0.25
   * @property {string} [pane]  default "tilePane"
   */

  /** Colours where the page's style says nothing: custom property, light, dark. */
  const COLORS = {
    sea: ["--outposts-sea", "#e8edf2", "#12181f"],
    land: ["--outposts-land", "#fffef9", "#2a3038"],
    urban: ["--outposts-urban", "#efe9dc", "#363d47"],
    street: ["--outposts-street", "#cfc8b6", "#4d5661"],
    province: ["--outposts-province", "#e4dfd2", "#39414b"],
    landDim: ["--outposts-land-dim", "#f4f3ee", "#20262d"],
    coast: ["--outposts-coast", "#bdb8a8", "#4a535e"],
    border: ["--outposts-border", "#bdb6a3", "#56606c"],
    river: ["--outposts-river", "#c3d5e4", "#35506a"],
    lake: ["--outposts-lake", "#dfe8f0", "#16202b"],
    label: ["--outposts-label", "#6f6d66", "#8f98a3"],
  };

  const DARK = "(prefers-color-scheme: dark)";
  /** Width of the world in Leaflet's pixels at zoom 0. */
  const WORLD = 256;
  const SMALL_TEXT = 10;
  const TOWNS_AFTER = 100; // in rank: after all countries
  const DOT = 1.5;
  const RINGS_FROM = 8;
  const STREETS_FROM = 9;
  const RING_STEPS = [1, 2, 5, 10, 20, 50]; // km
  const RING_APART = 70; // pixels
  const LARGE_TEXT = 12;

  /**
   * Unpacks arcs.
   * @param {string} text  base64 of raw deflate of varints
   * @returns {Promise<number[][]>}  each arc as x, y, x, y, … in the file's units
   */
  function decode(text) {
    if (typeof DecompressionStream === "undefined") {
      return Promise.reject(new Error("this browser has no DecompressionStream"));
    }
    return Promise.resolve()
      .then(function () {
        const packed = Uint8Array.from(atob(text), function (c) {
          return c.charCodeAt(0);
        });
        const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
        return new Response(stream).arrayBuffer();
      })
      .then(function (buffer) {
        const bytes = new Uint8Array(buffer);
        const arcs = [];
        let at = 0;
        let x = 0;
        let y = 0;
        function next() {
          let value = 0;
          let shift = 0;
          let byte;
          do {
            if (at >= bytes.length) {
              throw new Error("the basemap's arcs are cut off");
            }
            byte = bytes[at++];
            value |= (byte & 127) << shift;
            shift += 7;
          } while (byte & 128);
          return value;
        }
        while (at < bytes.length) {
          const count = next();
          const arc = [];
          for (let i = 0; i < count; i++) {
            const dx = next();
            const dy = next();
            x += (dx >>> 1) ^ -(dx & 1);
            y += (dy >>> 1) ^ -(dy & 1);
            arc.push(x, y);
          }
          arcs.push(arc);
        }
        return arcs;
      });
  }

  /**
   * Projects arcs into Leaflet's pixels at zoom 0 (one world is 256 wide), with the box of each.
   * @param {L.Map} map
   * @param {number[][]} arcs
   * @param {number} scale
   */
  function project(map, arcs, scale) {
    return arcs.map(function (arc) {
      const points = new Float64Array(arc.length);
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < arc.length; i += 2) {
        const p = map.project(L.latLng(arc[i + 1] / scale, arc[i] / scale), 0);
        points[i] = p.x;
        points[i + 1] = p.y;
        box[0] = Math.min(box[0], p.x);
        box[1] = Math.min(box[1], p.y);
        box[2] = Math.max(box[2], p.x);
        box[3] = Math.max(box[3], p.y);
      }
      return { points, box };
    });
  }

  /** The box around the arcs of some rings. */
  function boxOf(rings, arcs) {
    let box = [Infinity, Infinity, -Infinity, -Infinity];
    rings.forEach(function (ring) {
      ring.forEach(function (ref) {
        const b = arcs[ref < 0 ? ~ref : ref].box;
        box = [Math.min(box[0], b[0]), Math.min(box[1], b[1]), Math.max(box[2], b[2]), Math.max(box[3], b[3])];
      });
    });
    return box;
  }

  function meet(a, b) {
    return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
  }

  const Basemap = L.Layer.extend({
    options: { pane: "tilePane", focus: null, labels: true, avoid: null, padding: 0.25, nameOf: null, rings: null },

    /**
     * @param {BasemapData} data
     * @param {BasemapOptions} [options]
     */
    initialize (data, options) {
      L.setOptions(this, options);
      this._data = data;
      this._arcs = null;
      this._repaint = this._repaint.bind(this);
    },

    onAdd (map) {
      const canvas = (this._canvas = document.createElement("canvas"));
      canvas.className = "outposts-basemap leaflet-zoom-" + (map.options.zoomAnimation ? "animated" : "hide");
      canvas.setAttribute("aria-hidden", "true");
      // It lies under Leaflet's tiles, should a page have some.
      canvas.style.zIndex = "0";
      canvas.style.pointerEvents = "none";
      this.getPane().appendChild(canvas);
      this._background = map.getContainer().style.backgroundColor;
      this._scheme = window.matchMedia ? window.matchMedia(DARK) : null;
      if (this._scheme && this._scheme.addEventListener) {
        this._scheme.addEventListener("change", this._repaint);
      }
      this._paintSea();
      if (this._arcs) {
        this._draw();
      } else if (!this._decoding) {
        this._decoding = this._decode(map);
      }
    },

    onRemove (map) {
      L.DomUtil.remove(this._canvas);
      this._canvas = null;
      map.getContainer().style.backgroundColor = this._background;
      if (this._scheme && this._scheme.removeEventListener) {
        this._scheme.removeEventListener("change", this._repaint);
      }
      cancelAnimationFrame(this._frame);
      this._frame = 0;
      this._animating = false;
    },

    getEvents () {
      const events = { viewreset: this._draw, zoomend: this._settle, moveend: this._draw, resize: this._draw, move: this._follow, zoom: this._pinch };
      if (this._map.options.zoomAnimation) {
        events.zoomanim = this._animate;
      }
      return events;
    },

    getAttribution () {
      return this.options.attribution || "";
    },

    /**
     * Draws bright land anew for other countries.
     * @param {?string[]} focus  ISO alpha-2 codes; null means all
     * @returns {this}
     */
    setFocus (focus) {
      this.options.focus = focus;
      return this.redraw();
    },

    /** @returns {this} */
    redraw () {
      if (this._map) {
        this._repaint();
      }
      return this;
    },

    _decode (map) {
      const layer = this;
      const {streets} = this._data;
      return Promise.all([decode(this._data.arcs), streets ? decode(streets.arcs) : []])
        .then(async function ([arcs, lines]) {
          await outposts.pause();
          const projected = project(map, arcs, layer._data.scale);
          layer._streets = streets ? project(map, lines, streets.scale) : [];
          await outposts.pause();
          layer._arcs = projected;
          layer._towns = layer._data.towns.map(([text, lon, lat]) => ({ text, at: map.project(L.latLng(lat, lon), 0) }));
          layer._data.layers.countries.forEach(function (country) {
            country.box = boxOf(country.rings, layer._arcs);
            country.room = roomFor(country, layer._arcs);
            country.at = map.project(L.latLng(country.label[1], country.label[0]), 0);
          });
          for (const area of [...layer._data.layers.lakes, ...layer._data.layers.urban]) area.box = boxOf(area.rings, layer._arcs);
          if (layer._map) {
            layer._draw();
          }
          layer.fire("load");
        })
        .catch(function (error) {
          // The sea is painted already; a map without land is still a map.
          layer.fire("error", { error });
        });
    },

    _color (name) {
      const entry = COLORS[name];
      const set = getComputedStyle(this._map.getContainer()).getPropertyValue(entry[0]).trim();
      return set || (this._scheme && this._scheme.matches ? entry[2] : entry[1]);
    },

    _paintSea () {
      this._map.getContainer().style.backgroundColor = this._color("sea");
    },

    _repaint () {
      if (this._map) {
        this._paintSea();
        this._draw();
      }
    },

    /** While the map is dragged: draws anew once it shows what the canvas does not cover. */
    _follow () {
      if (!this._drawn || this._frame || this._zooming()) {
        return;
      }
      const size = this._map.getSize();
      const corner = this._map.containerPointToLayerPoint([0, 0]);
      const shown = L.bounds(corner, corner.add(size));
      if (!this._drawn.bounds.contains(shown)) {
        const layer = this;
        this._frame = requestAnimationFrame(function () {
          layer._frame = 0;
          if (layer._map && !layer._zooming()) {
            layer._draw();
          }
        });
      }
    },

    _zooming () {
      return !this._drawn || this._map.getZoom() !== this._drawn.zoom;
    },

    _animate (event) {
      this._animating = true;
      this._place(event.center, event.zoom);
    },

    _settle () {
      this._animating = false;
    },

    _pinch () {
      this._place(this._map.getCenter(), this._map.getZoom());
    },

    /** Scales and moves the canvas as it is, so that it lies right for another view. */
    _place (center, zoom) {
      if (!this._drawn || !this._canvas) {
        return;
      }
      const map = this._map;
      const scale = map.getZoomScale(zoom, this._drawn.zoom);
      const half = map.getSize().multiplyBy(0.5 + this.options.padding);
      const now = map.project(this._drawn.center, zoom);
      const offset = half.multiplyBy(-scale).add(now).subtract(map.project(center, zoom));
      const origin = map.containerPointToLayerPoint(map.getSize().divideBy(2));
      L.DomUtil.setTransform(this._canvas, offset.add(origin), scale);
    },

    _draw () {
      const map = this._map;
      if (!map || !this._canvas || !this._arcs || this._animating) {
        return;
      }
      const size = map.getSize();
      const pad = size.multiplyBy(this.options.padding).round();
      const whole = size.add(pad.multiplyBy(2));
      const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const canvas = this._canvas;
      const resized = canvas.width !== whole.x * ratio || canvas.height !== whole.y * ratio;
      if (resized) {
        canvas.width = whole.x * ratio;
        canvas.height = whole.y * ratio;
        canvas.style.width = whole.x + "px";
        canvas.style.height = whole.y + "px";
      }
      L.DomUtil.setTransform(canvas, corner, 1);
      this._drawn = { zoom: map.getZoom(), center: map.getCenter(), bounds: L.bounds(corner, corner.add(whole)) };

      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      // A resized canvas is empty; to clear it all the same would be a white sheet in Chromium's PDFs.
      if (!resized) context.clearRect(0, 0, whole.x, whole.y);
      const origin = map.getPixelOrigin().add(corner);
      const scale = map.getZoomScale(map.getZoom(), 0);
      const width = WORLD * scale;
      const names = [];
      // The world repeats to the east and to the west.
      for (let turn = Math.floor(origin.x / width); turn * width < origin.x + whole.x; turn++) {
        this._drawWorld(context, scale, origin.x - turn * width, origin.y, whole, names);
      }
      if (this.options.rings && map.getZoom() >= RINGS_FROM) {
        this._drawRings(context, pad);
      }
      if (this.options.labels) {
        this._drawNames(context, names, pad, whole);
      }
    },

    /** Draws three circles of round distances, dotted and fainter than what tells where a venue may be. */
    _drawRings (context, pad) {
      const map = this._map;
      const [lon, lat] = this.options.rings;
      const centre = map.latLngToContainerPoint([lat, lon]).add(pad);
      // Over such distances a circle on the ground is one on the map.
      const metres = (40075016.7 * Math.cos((lat * Math.PI) / 180)) / map.options.crs.scale(map.getZoom());
      const step = RING_STEPS.find((km) => (km * 1000) / metres >= RING_APART);
      if (!step) return;
      context.strokeStyle = context.fillStyle = this._color("label");
      context.lineWidth = 1;
      context.setLineDash([1, 4]);
      context.font = "500 " + SMALL_TEXT + "px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "bottom";
      context.globalAlpha = 0.7;
      for (const km of [step, 2 * step, 3 * step]) {
        const radius = (km * 1000) / metres;
        context.beginPath();
        context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
        context.stroke();
        context.fillText(km + " km", centre.x, centre.y - radius - 1);
      }
      context.setLineDash([]);
      context.globalAlpha = 1;
    },

    /** Draws one copy of the world, its corner at (-left, -top), and adds the names that it has room for. */
    _drawWorld (context, scale, left, top, whole, names) {
      const arcs = this._arcs;
      const layers = this._data.layers;
      const view = [left / scale, top / scale, (left + whole.x) / scale, (top + whole.y) / scale];
      const cache = new Array(arcs.length);

      // An arc in canvas pixels, without the points that fall into the same half pixel.
      function pixels(index) {
        if (!cache[index]) {
          const points = arcs[index].points;
          const out = [];
          const end = points.length - 2;
          let px = Infinity;
          let py = Infinity;
          for (let i = 0; i <= end; i += 2) {
            const x = points[i] * scale - left;
            const y = points[i + 1] * scale - top;
            if (i === end || Math.abs(x - px) > 0.5 || Math.abs(y - py) > 0.5) {
              out.push(x, y);
              px = x;
              py = y;
            }
          }
          cache[index] = out;
        }
        return cache[index];
      }

      function trace(path, ref, begins) {
        const points = pixels(ref < 0 ? ~ref : ref);
        let i;
        if (ref < 0) {
          for (i = points.length - 2; i >= 0; i -= 2) {
            if (begins && i === points.length - 2) {
              path.moveTo(points[i], points[i + 1]);
            } else {
              path.lineTo(points[i], points[i + 1]);
            }
          }
        } else {
          for (i = 0; i < points.length; i += 2) {
            if (begins && i === 0) {
              path.moveTo(points[i], points[i + 1]);
            } else {
              path.lineTo(points[i], points[i + 1]);
            }
          }
        }
      }

      function area(path, rings) {
        rings.forEach(function (ring) {
          ring.forEach(function (ref, i) {
            trace(path, ref, i === 0);
          });
          path.closePath();
        });
      }

      function lines(list) {
        const path = new Path2D();
        list.forEach(function (entry) {
          entry.arcs.forEach(function (ref) {
            if (meet(arcs[ref < 0 ? ~ref : ref].box, view)) {
              trace(path, ref, true);
            }
          });
        });
        return path;
      }

      const focus = this.options.focus && this.options.focus.length ? this.options.focus : null;
      const nameOf = this.options.nameOf;
      const bright = new Path2D();
      const dim = new Path2D();
      layers.countries.forEach(function (country) {
        if (!meet(country.box, view)) {
          return;
        }
        const inFocus = !focus || focus.indexOf(country.iso) >= 0;
        area(inFocus ? bright : dim, country.rings);
        names.push({
          text: nameOf ? nameOf(country) : country.name,
          x: country.at.x * scale - left,
          y: country.at.y * scale - top,
          room: country.room * scale,
          rank: (focus && inFocus ? -10 : 0) + country.rank,
          bright: inFocus,
        });
      });
      this._towns.forEach(function ({ text, at }, i) {
        names.push({ text, town: true, x: at.x * scale - left, y: at.y * scale - top, rank: TOWNS_AFTER + i, bright: true });
      });
      context.lineJoin = "round";
      context.lineCap = "round";
      context.fillStyle = this._color("landDim");
      context.fill(dim);
      context.fillStyle = this._color("land");
      context.fill(bright);

      function areas(list) {
        const path = new Path2D();
        for (const entry of list) if (meet(entry.box, view)) area(path, entry.rings);
        return path;
      }

      context.fillStyle = this._color("urban");
      context.fill(areas(layers.urban));
      context.strokeStyle = this._color("province");
      context.lineWidth = 0.7;
      context.stroke(lines(layers.provinces));

      if (this._map.getZoom() >= STREETS_FROM) {
        const path = new Path2D();
        for (const { points, box } of this._streets) {
          if (!meet(box, view)) continue;
          for (let i = 0; i < points.length; i += 2) {
            path[i ? "lineTo" : "moveTo"](points[i] * scale - left, points[i + 1] * scale - top);
          }
        }
        context.strokeStyle = this._color("street");
        context.lineWidth = 1;
        context.stroke(path);
      }

      context.strokeStyle = this._color("river");
      context.lineWidth = 0.8;
      context.stroke(lines(layers.rivers));

      const water = areas(layers.lakes);
      context.fillStyle = this._color("lake");
      context.fill(water);
      context.stroke(water);

      context.strokeStyle = this._color("border");
      context.lineWidth = 0.9;
      layers.borders.forEach(function (entry) {
        context.setLineDash(entry.disputed ? [3, 3] : []);
        context.stroke(lines([entry]));
      });
      context.setLineDash([]);
      context.strokeStyle = this._color("coast");
      context.lineWidth = 0.8;
      context.stroke(lines(layers.coast));
    },

    /** Writes names where they fit, the more important first, so that none overlap. */
    _drawNames (context, names, pad, whole) {
      const avoid = this.options.avoid;
      const land = this._color("land");
      const landDim = this._color("landDim");
      const taken = [];
      context.lineWidth = 2.5;
      context.fillStyle = this._color("label");
      context.textAlign = "center";
      context.textBaseline = "middle";
      names
        .sort(function (a, b) {
          return a.rank - b.rank || b.room - a.room || (a.text < b.text ? -1 : 1);
        })
        .forEach(function (name) {
          const size = name.room > 260 || name.town ? LARGE_TEXT : SMALL_TEXT;
          const text = name.town ? name.text : name.text.toUpperCase();
          context.font = (name.town ? "400 " : "500 ") + size + "px system-ui, 'Outposts Scripts', sans-serif";
          if ("letterSpacing" in context) {
            // Letters of scripts that join or stack stay together.
            context.letterSpacing = (!name.town && /^[\p{scx=Latn}\p{P}\p{Z}]*$/u.test(text) ? size / 10 : 0) + "px";
          }
          const half = context.measureText(text).width / 2;
          // A name may stick out a little: the sea beside it is empty.
          if (2 * half > name.room * 1.15) {
            return;
          }
          const shift = name.town ? half + DOT + 3 : 0; // a town's name stands beside its dot
          const box = name.town ? [name.x - DOT - 2, name.y - size * 0.7, name.x + 2 * half + DOT + 5, name.y + size * 0.7] : [name.x - half - 6, name.y - size, name.x + half + 6, name.y + size];
          if (!meet(box, [0, 0, whole.x, whole.y])) {
            return;
          }
          // A town's name is whole or not there.
          if (name.town && (box[0] < pad.x || box[1] < pad.y || box[2] > whole.x - pad.x || box[3] > whole.y - pad.y)) {
            return;
          }
          for (let i = 0; i < taken.length; i++) {
            if (meet(box, taken[i])) {
              return;
            }
          }
          if (avoid && avoid(L.bounds(L.point(box[0], box[1]).subtract(pad), L.point(box[2], box[3]).subtract(pad)))) {
            return;
          }
          taken.push(box);
          context.globalAlpha = name.bright ? 0.95 : 0.6;
          // A halo, so that borders and rivers do not cross the letters.
          context.strokeStyle = name.bright ? land : landDim;
          context.strokeText(text, name.x + shift, name.y);
          context.fillText(text, name.x + shift, name.y);
          if (name.town) {
            context.beginPath();
            context.arc(name.x, name.y, DOT, 0, 2 * Math.PI);
            context.fill();
          }
        });
      context.globalAlpha = 1;
    },
  });

  /** How wide a country is where its name goes, at zoom 0: its widest ring, or half of all of its islands. */
  function roomFor(country, arcs) {
    let widest = 0;
    country.rings.forEach(function (ring) {
      const box = boxOf([ring], arcs);
      widest = Math.max(widest, box[2] - box[0]);
    });
    const all = country.box[2] - country.box[0];
    // Countries on both sides of the 180th meridian are as wide as the world: that says nothing.
    return all > WORLD / 2 ? widest : Math.max(widest, all / 2);
  }

  /**
   * Adds a basemap to a map. It is drawn once its block is unpacked: then the layer fires `load`
   * (`error`, and the sea stays, where the browser cannot unpack it).
   * @param {L.Map} map
   * @param {BasemapData} data
   * @param {BasemapOptions} [options]
   * @returns {L.Layer}
   */
  outposts.basemap = function (map, data, options) {
    return new Basemap(data, options).addTo(map);
  };
})(window.outposts = window.outposts || {});
