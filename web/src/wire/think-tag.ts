// Some servers send what a model thinks in the answer's own text, as <think>…</think> before anything else.

import type { OnText } from "./completion";

const OPEN = "<think>";
const CLOSE = "</think>";

/** Tells thinking from the answer, wherever the pieces are cut. Later <think>s are text: an answer may be about them. */
export class ThinkTag {
  #state: "beginning" | "thinking" | "after" | "answer" = "beginning";
  /** What may be the beginning of a tag. */
  #held = "";

  constructor(private readonly onText: OnText) {}

  reasoning(text: string): void {
    this.onText(text, true);
  }

  push(text: string): void {
    if (this.#state === "answer") {
      this.onText(text, false);
      return;
    }
    this.#held += text;
    if (this.#state === "beginning") this.#begin();
    if (this.#state === "thinking") this.#think();
    if (this.#state === "after") this.#answer(this.#held.trimStart());
  }

  /** No more will come: what was held back is text. */
  end(): void {
    if (this.#held) this.onText(this.#held, this.#state === "thinking");
    this.#held = "";
  }

  #begin(): void {
    const start = this.#held.trimStart();
    if (start.startsWith(OPEN)) {
      this.#state = "thinking";
      this.#held = start.slice(OPEN.length).trimStart();
    } else if (!OPEN.startsWith(start)) this.#answer(this.#held);
  }

  #think(): void {
    const at = this.#held.indexOf(CLOSE);
    const end = at < 0 ? this.#held.length - partOf(CLOSE, this.#held) : at;
    if (end) this.onText(this.#held.slice(0, end), true);
    this.#held = this.#held.slice(at < 0 ? end : at + CLOSE.length);
    if (at >= 0) this.#state = "after";
  }

  /** The blank lines behind the thinking are no part of the answer. */
  #answer(text: string): void {
    if (!text) return;
    this.#state = "answer";
    this.#held = "";
    this.onText(text, false);
  }
}

/** How many characters at the end of `text` are the beginning of `tag`. */
function partOf(tag: string, text: string): number {
  let length = Math.min(tag.length - 1, text.length);
  while (length && !tag.startsWith(text.slice(-length))) length--;
  return length;
}
