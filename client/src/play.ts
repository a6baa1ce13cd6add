// A play button: something is done at an even pace until it says that it has come to its end, or is stopped.
import { h } from "./dom";

const PACE_MS = 220, CALM_MS = 1000; // calm: the reader asked for less motion

export class Player {
  readonly button = h("button", { type: "button", class: "play", click: () => (this.timer ? this.stop() : this.start()) });
  private timer = 0;

  constructor(private step: () => boolean) {
    this.say();
  }

  private start(): void {
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM_MS : PACE_MS;
    this.timer = window.setInterval(() => { if (!this.step()) this.stop(); }, pace);
    this.say();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.say();
  }

  private say(): void {
    this.button.textContent = this.timer ? "❚❚" : "▶";
    this.button.setAttribute("aria-label", this.timer ? "Stop" : "Play the days");
    this.button.title = this.timer ? "Stop" : "Play the days";
  }
}
