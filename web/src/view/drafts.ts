// Unsent text, kept for each conversation across reloads.

const SOON_MS = 200;

export class Drafts {
  #key = "";
  #timer = 0;

  constructor(private readonly box: HTMLTextAreaElement) {
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
  }

  /** Keeps the draft on screen and shows the one of another conversation. All new conversations share one draft. */
  show(conversation: string, isNew: boolean): void {
    this.keep();
    this.#key = `draft:${isNew ? "new" : conversation}`;
    this.box.value = read(this.#key);
  }

  keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), SOON_MS);
  }

  keep(): void {
    clearTimeout(this.#timer);
    if (!this.#key) return;
    try {
      if (this.box.value) localStorage.setItem(this.#key, this.box.value);
      else localStorage.removeItem(this.#key);
    } catch {
      // Private mode or full: the draft lives as long as the page.
    }
  }

  /** The draft was sent: what comes next belongs to that conversation, even if it was new. */
  sent(conversation: string): void {
    this.keep();
    this.#key = `draft:${conversation}`;
  }
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
