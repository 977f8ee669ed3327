/**
 * Tiles out of one PMTiles archive (version 3, https://github.com/protomaps/PMTiles), read piece by piece with range
 * requests: pictures as they are, vector tiles as water, buildings and streets in the page's own colours.
 */
(function (outposts) {
  "use strict";

  /** The header and, nearly always, the root directory. */
  const FIRST_BYTES = 16384;
  const NO_COMPRESSION = 1;
  const GZIP = 2;
  const VECTOR = 1;
  const DEEPEST = 4;
  const KEPT = 64;

  /** Reads whole numbers of protocol buffers and directories. */
  class Numbers {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
    }

    get more() {
      return this.at < this.bytes.length;
    }

    next() {
      let value = 0;
      let unit = 1; // a product, not a shift: offsets pass 2 ** 32
      for (;;) {
        if (!this.more) throw new RangeError("the tiles are cut off");
        const byte = this.bytes[this.at];
        this.at += 1;
        value += (byte & 127) * unit;
        if (byte < 128) return value;
        unit *= 128;
      }
    }

    slice(length) {
      const found = this.bytes.subarray(this.at, this.at + length);
      this.at += length;
      return found;
    }
  }

  async function plain(buffer, compression) {
    if (compression === NO_COMPRESSION) return new Uint8Array(buffer);
    if (compression !== GZIP) throw new TypeError(`a compression that browsers lack: ${compression}`);
    const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** A directory's entries: tiles or, with a run of 0, further directories. */
  function directory(bytes) {
    const numbers = new Numbers(bytes);
    const count = numbers.next();
    const column = () => Array.from({length: count}, () => numbers.next());
    const [steps, runs, lengths, offsets] = [column(), column(), column(), column()];
    const entries = [];
    let id = 0;
    for (let i = 0; i < count; i += 1) {
      id += steps[i];
      const before = entries[i - 1];
      entries.push({id, run: runs[i], length: lengths[i], offset: offsets[i] || !before ? offsets[i] - 1 : before.offset + before.length});
    }
    return entries;
  }

  /** The last entry that begins at or before an id. */
  function entryOf(entries, id) {
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle].id <= id) low = middle + 1;
      else high = middle;
    }
    return entries[low - 1];
  }

  /** A tile's number: all of the zooms before, then its place along the Hilbert curve. */
  function idOf(z, x, y) {
    let id = (4 ** z - 1) / 3;
    for (let side = 2 ** z / 2; side >= 1; side /= 2) {
      const [right, down] = [x & side ? 1 : 0, y & side ? 1 : 0];
      id += side * side * ((3 * right) ^ down);
      if (!down) {
        if (right) [x, y] = [side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))];
        [x, y] = [y, x];
      }
    }
    return id;
  }

  class Archive {
    constructor(url) {
      this.url = url;
      this.leaves = new Map();
      this.opened = null;
    }

    async range(offset, length) {
      const response = await fetch(this.url, {headers: {Range: `bytes=${offset}-${offset + length - 1}`}, referrerPolicy: "origin", credentials: "omit"});
      if (response.status !== 206) throw new TypeError(`the server answered ${response.status}, not a part of the file`);
      return response.arrayBuffer();
    }

    /** Reads header and root directory, once. */
    open() {
      this.opened = this.opened || this.read();
      return this.opened;
    }

    async read() {
      const first = await this.range(0, FIRST_BYTES);
      const view = new DataView(first);
      const text = new TextDecoder().decode(new Uint8Array(first, 0, 7));
      if (text !== "PMTiles" || view.getUint8(7) !== 3) throw new TypeError("not a PMTiles archive of version 3");
      const place = (at) => Number(view.getBigUint64(at, true));
      const [rootAt, rootLength, noteAt, noteLength, leavesAt, , tilesAt] = [8, 16, 24, 32, 40, 48, 56].map(place);
      const [inner, outer, kind, , maxZoom] = [97, 98, 99, 100, 101].map((at) => view.getUint8(at));
      const within = rootAt + rootLength <= first.byteLength;
      const root = directory(await plain(within ? first.slice(rootAt, rootAt + rootLength) : await this.range(rootAt, rootLength), inner));
      const notes = noteLength ? JSON.parse(new TextDecoder().decode(await plain(await this.range(noteAt, noteLength), inner))) : {};
      return {root, leavesAt, tilesAt, inner, outer, kind, maxZoom, attribution: String(notes.attribution || "")};
    }

    /** @returns {Promise<Uint8Array | null>} null where the archive has no such tile */
    async tile(z, x, y) {
      const {root, leavesAt, tilesAt, inner, outer} = await this.open();
      const id = idOf(z, x, y);
      let entries = root;
      for (let depth = 0; depth < DEEPEST; depth += 1) {
        const entry = entryOf(entries, id);
        if (!entry) return null;
        if (entry.run) return id < entry.id + entry.run ? plain(await this.range(tilesAt + entry.offset, entry.length), outer) : null;
        entries = await this.leaf(leavesAt + entry.offset, entry.length, inner);
      }
      return null;
    }

    leaf(offset, length, inner) {
      if (!this.leaves.has(offset)) {
        if (this.leaves.size >= KEPT) this.leaves.clear();
        this.leaves.set(offset, this.range(offset, length).then((buffer) => plain(buffer, inner)).then(directory));
      }
      return this.leaves.get(offset);
    }
  }

  /** The fields of a message of protocol buffers: number, and a number or bytes. */
  function* fields(bytes) {
    const numbers = new Numbers(bytes);
    while (numbers.more) {
      const key = numbers.next();
      const type = key & 7;
      if (type === 0) yield [key >> 3, numbers.next()];
      else if (type === 2) yield [key >> 3, numbers.slice(numbers.next())];
      else numbers.slice(type === 1 ? 8 : 4);
    }
  }

  /** How layers are drawn, by their usual names in OpenMapTiles, Protomaps and Shortbread. */
  const LOOKS = [
    [/water|ocean|lake|river/, "lake"],
    [/building/, "urban"],
    [/road|street|transport|highway|path/, "street"],
  ];

  /** Draws a vector tile's layers that have a look. */
  function draw(context, bytes, size, colors) {
    for (const [field, layer] of fields(bytes)) {
      if (field !== 3) continue;
      let name = "";
      let extent = 4096;
      const features = [];
      for (const [part, value] of fields(layer)) {
        if (part === 1) name = new TextDecoder().decode(value);
        else if (part === 2) features.push(value);
        else if (part === 5) extent = value;
      }
      const look = LOOKS.find(([pattern]) => pattern.test(name));
      if (!look) continue;
      const [areas, lines] = [new Path2D(), new Path2D()];
      for (const feature of features) trace(feature, size / extent, areas, lines);
      context.fillStyle = context.strokeStyle = colors[look[1]];
      context.fill(areas, "evenodd");
      context.stroke(lines);
    }
  }

  /** Adds a feature's geometry to the areas or the lines; points have no look. */
  function trace(feature, scale, areas, lines) {
    let type = 0;
    let commands = null;
    for (const [part, value] of fields(feature)) {
      if (part === 3) type = value;
      else if (part === 4) commands = value;
    }
    if (!commands || type < 2) return;
    const path = type === 3 ? areas : lines;
    const numbers = new Numbers(commands);
    const step = () => {
      const value = numbers.next();
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
    let [x, y] = [0, 0];
    while (numbers.more) {
      const command = numbers.next();
      const kind = command & 7;
      if (kind === 7) path.closePath();
      else {
        for (let n = command >> 3; n > 0; n -= 1) {
          x += step();
          y += step();
          if (kind === 1) path.moveTo(x * scale, y * scale);
          else path.lineTo(x * scale, y * scale);
        }
      }
    }
  }

  const Layer = L.GridLayer.extend({
    /** @param {string} url of the archive @param {function(): Object<string, string>} colors of lake, urban and street */
    initialize(url, colors, options) {
      L.GridLayer.prototype.initialize.call(this, options);
      this._archive = new Archive(url);
      this._colors = colors;
    },

    /** Opens the archive. @returns {Promise<{attribution: string, maxZoom: number}>} */
    async ready() {
      const {attribution, maxZoom} = await this._archive.open();
      this.options.maxNativeZoom = maxZoom;
      return {attribution, maxZoom};
    },

    createTile({x, y, z}, done) {
      const canvas = L.DomUtil.create("canvas", "leaflet-tile");
      const {x: size} = this.getTileSize();
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = size * ratio;
      this._paint(canvas, x, y, z, size, ratio).then(() => done(null, canvas), (error) => done(error, canvas));
      return canvas;
    },

    async _paint(canvas, x, y, z, size, ratio) {
      const {kind} = await this._archive.open();
      const bytes = await this._archive.tile(z, x, y);
      if (!bytes) return;
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (kind === VECTOR) draw(context, bytes, size, this._colors());
      else context.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0, size, size);
    },
  });

  outposts.pmtiles = (url, colors, options) => new Layer(url, colors, options);
  outposts.pmtiles.idOf = idOf;
})(window.outposts = window.outposts || {});
