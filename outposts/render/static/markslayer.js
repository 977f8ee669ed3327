/**
 * A layer of marks on one canvas over the map, with a tip that follows the pointer: what the page's markers and the
 * plugin's layer have in common. Who extends it draws in `_draw`, which notes `_drawnCorner` and `_drawnZoom`, joins marks anew
 * where `_zoom` is null, and answers `_hover`, `_leave` and `_click`.
 */
(function (outposts) {
  "use strict";

  outposts.MarksLayer = L.Layer.extend({
    /** @param {{canvas: string, tip: string}} classes of the two elements */
    _begin(map, classes) {
      this._canvas = outposts.element("canvas", {class: `${classes.canvas} leaflet-zoom-animated`, "aria-hidden": "true"});
      this._tip = outposts.element("div", {class: classes.tip, "aria-hidden": "true", hidden: true});
      this.getPane().appendChild(this._canvas);
      map.getContainer().appendChild(this._tip);
      this._zoom = null;
      this.redraw();
    },

    onRemove() {
      cancelAnimationFrame(this._frame);
      this._frame = undefined;
      this._canvas.remove();
      this._tip.remove();
    },

    getEvents() {
      const events = {
        move: this.redraw, moveend: this.redraw, viewreset: this.redraw, resize: this.redraw,
        mousemove: this._hover, mouseout: this._leave, click: this._click,
      };
      if (this._map.options.zoomAnimation && L.Browser.any3d) events.zoomanim = this._animateZoom;
      return events;
    },

    /** Draws with the next frame. */
    redraw() {
      if (!this._map || this._frame !== undefined) return;
      this._frame = requestAnimationFrame(() => {
        this._frame = undefined;
        if (this._map && this._map._loaded) this._draw();
      });
    },

    _animateZoom(event) {
      if (!this._drawnCorner) return;
      const scale = this._map.getZoomScale(event.zoom, this._drawnZoom);
      L.DomUtil.setTransform(this._canvas, this._map._latLngToNewLayerPoint(this._drawnCorner, event.zoom, event.center), scale);
    },
  });
})(window.outposts = window.outposts || {});
