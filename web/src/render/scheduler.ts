// Decides when a growing answer is rendered: thirty times a second while that is cheap, less often when it is not.

/** Nobody sees text arrive faster, and the layout and painting of each update cost more than the update. */
const GAP_MS = 30;

/** At most this share of the main thread goes into rendering. */
const SHARE = 0.2;

export class Scheduler {
  #frame = 0;
  #timer = 0;
  #notBefore = 0;

  /** `render` returns true if it wants to be called again. */
  constructor(private readonly render: () => boolean) {}

  request(): void {
    if (this.#frame || this.#timer) return;
    const wait = this.#notBefore - performance.now();
    // Animation frames stop in a hidden tab; its text must be there when somebody looks or listens.
    if (document.hidden) this.#timer = setTimeout(() => this.#run(), Math.max(wait, 500));
    else if (wait > 0) this.#timer = setTimeout(() => this.#nextFrame(), wait);
    else this.#nextFrame();
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#timer = 0;
  }

  #nextFrame(): void {
    this.#timer = 0;
    this.#frame = requestAnimationFrame(() => this.#run());
  }

  #run(): void {
    this.#frame = this.#timer = 0;
    const started = performance.now();
    const more = this.render();
    const ended = performance.now();
    this.#notBefore = Math.max(started + GAP_MS, ended + (ended - started) * (1 / SHARE - 1));
    if (more) this.request();
  }
}
