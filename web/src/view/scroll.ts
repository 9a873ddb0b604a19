// Stays at the newest text only while the reader is there, and never takes the page away from somebody reading above.

import { byId } from "./page";

/** Distance from the end that still counts as being there, in CSS pixels. */
const NEAR = 40;

export class Scroll {
  readonly scroller = byId("scroller");
  #latest = byId("latest");
  #follows = true;
  #top = 0;

  constructor() {
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The reader's own wish counts at once, before the browser has scrolled.
    this.scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#leave(), { passive: true });
    this.#latest.addEventListener("click", () => this.toEnd());
    const thread = byId("thread");
    // Right after a change, so that the frame is laid out once; sizes also change without one (a window, a font).
    const changes = new MutationObserver(() => this.#follow());
    changes.observe(thread, { childList: true, characterData: true, subtree: true });
    const sizes = new ResizeObserver(() => this.#follow());
    sizes.observe(thread);
    sizes.observe(this.scroller);
  }

  /** Goes to the newest text and stays there. */
  toEnd(): void {
    this.#follows = true;
    this.#follow();
  }

  /** Shows an element at the top, and stays there. */
  to(element: HTMLElement): void {
    this.#follows = false;
    element.scrollIntoView({ block: "start" });
  }

  get #distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #scrolled(): void {
    const { scrollTop } = this.scroller;
    const distance = this.#distance;
    if (distance <= NEAR) this.#follows = true;
    else if (scrollTop < this.#top) this.#follows = false;
    this.#top = scrollTop;
    this.#latest.hidden = this.#follows || distance <= NEAR;
  }

  #leave(): void {
    if (this.scroller.scrollHeight > this.scroller.clientHeight) this.#follows = false;
  }

  #follow(): void {
    if (this.#follows) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#latest.hidden = this.#follows || this.#distance <= NEAR;
  }
}
