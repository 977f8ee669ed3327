/**
 * Moves the day on its own, a month a step, until it is touched: only after the reader asked, never under reduced motion.
 */
(function (outposts) {
  "use strict";

  /** Milliseconds a step. */
  const SPEEDS = {slow: 700, normal: 300, fast: 110};
  const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"];

  class Player {
    /**
     * @param {function(): boolean} step moves on; false at the end
     * @param {function(boolean): void} changed told when playing starts and ends
     */
    constructor(step, changed) {
      this.step = step;
      this.changed = changed;
      this.speed = "normal";
      this.timer = null;
      this.motion = window.matchMedia("(prefers-reduced-motion: reduce)");
      // What presses the button itself is left to its click.
      this.touch = (event) => {
        const presses = event.type !== "keydown" || event.key === "Enter" || event.key === " ";
        if (!(presses && this.button && this.button.contains(event.target))) this.stop();
      };
      this.still = () => {
        this.stop();
        this.allow();
      };
      this.motion.addEventListener("change", this.still);
    }

    /** Takes the button that starts and stops it. @param {HTMLButtonElement} button */
    drive(button) {
      this.button = button;
      button.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
      this.allow();
    }

    allow() {
      this.button.disabled = this.motion.matches;
      this.button.title = this.motion.matches ? outposts.words.text("playOff") : "";
    }

    get playing() {
      return this.timer !== null;
    }

    start() {
      if (this.playing || this.motion.matches) return;
      for (const name of TOUCHES) document.addEventListener(name, this.touch, {capture: true, passive: true});
      const tick = () => {
        this.timer = setTimeout(tick, SPEEDS[this.speed]);
        if (!this.step()) this.stop();
      };
      this.timer = setTimeout(tick, 0);
      this.changed(true);
    }

    stop() {
      if (!this.playing) return;
      clearTimeout(this.timer);
      this.timer = null;
      for (const name of TOUCHES) document.removeEventListener(name, this.touch, {capture: true});
      this.changed(false);
    }

    /** Stops and lets go of the reader's settings. */
    remove() {
      this.stop();
      this.motion.removeEventListener("change", this.still);
    }
  }

  Player.SPEEDS = Object.keys(SPEEDS);
  outposts.Player = Player;
})(window.outposts = window.outposts || {});
