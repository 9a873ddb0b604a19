// Unsent text and files, kept for each conversation across reloads.

import type { TextFile } from "../core/types";

const SOON_MS = 200;

export interface Draft {
  text: string;
  files: TextFile[];
}

const NEW = "new";

export class Drafts {
  #key = "";
  #timer = 0;
  readonly #storage: Storage | undefined;
  readonly #prefix: string;

  /**
   * `person`: whose drafts. Null: somebody who has yet to sign in; theirs live as long as the tab, and are taken over by
   * whom they turn out to be.
   */
  constructor(
    person: string | null | undefined,
    private readonly current: () => Draft,
  ) {
    this.#prefix = person ? `draft:${person}:` : "draft:";
    this.#storage = storage(person === null ? "sessionStorage" : "localStorage");
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
  }

  /** Keeps the draft on screen and gives the one of another conversation. All new conversations share one draft. */
  show(conversation: string, isNew: boolean): Draft {
    const first = !this.#key;
    this.keep();
    this.#key = this.#prefix + (isNew ? NEW : conversation);
    const draft = read(this.#storage, this.#key);
    if (!first) return draft;
    // Typed before the page was ready, or before signing in.
    const before = read(storage("sessionStorage"), `draft:${NEW}`);
    if (this.#prefix !== "draft:") write(storage("sessionStorage"), `draft:${NEW}`, { text: "", files: [] });
    const parts = [draft.text, before.text, this.current().text];
    const text = parts.filter((part, index) => part && parts.indexOf(part) === index).join("\n\n");
    return { text, files: draft.files.length ? draft.files : before.files };
  }

  keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), SOON_MS);
  }

  keep(): void {
    clearTimeout(this.#timer);
    if (this.#key) write(this.#storage, this.#key, this.current());
  }

  /** The draft was sent: what comes next belongs to that conversation, even if it was new. */
  sent(conversation: string): void {
    this.keep();
    this.#key = this.#prefix + conversation;
  }

  /** Removes all of this person's, and keeps no more. */
  erase(): void {
    this.#key = "";
    for (const name of Object.keys(this.#storage ?? {}))
      if (name.startsWith(this.#prefix)) this.#storage?.removeItem(name);
  }
}

function storage(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

/** Without files it is the text alone; with them, JSON beside it. */
const ofFiles = (key: string): string => `${key}:files`;

function read(from: Storage | undefined, key: string): Draft {
  try {
    const files = JSON.parse(from?.getItem(ofFiles(key)) ?? "[]") as TextFile[];
    return { text: from?.getItem(key) ?? "", files };
  } catch {
    return { text: "", files: [] };
  }
}

function write(to: Storage | undefined, key: string, { text, files }: Draft): void {
  const set = (name: string, value: string) => (value ? to?.setItem(name, value) : to?.removeItem(name));
  try {
    set(key, text);
    set(ofFiles(key), files.length ? JSON.stringify(files) : "");
  } catch {
    // Private mode or full: the draft lives as long as the page.
  }
}
