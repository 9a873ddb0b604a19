// The fast path for a code block that is still open: its text is appended, nothing is lexed or built again.

import type { Token } from "marked";
import { extendCode } from "./code";

export class OpenFence {
  private constructor(
    private readonly code: HTMLElement,
    private readonly closing: RegExp,
    /** Characters of the tail that are shown. */
    private shown: number,
  ) {}

  /** The open fence that ends `live`, if there is one; `length` is that of the tail. */
  static find(live: Token[], length: number, root: Element): OpenFence | undefined {
    const last = live.at(-1);
    const opening = last?.type === "code" && /^(`{3,}|~{3,})[^\n]*\n/.exec(last.raw);
    const code = opening && root.lastElementChild?.querySelector<HTMLElement>("pre > code");
    if (!last || !opening || !code) return undefined;
    const closing = new RegExp(`^ {0,3}${opening[1]}`, "m");
    const content = last.raw.slice(opening[0].length);
    if (closing.test(content)) return undefined;
    // The lexer drops the last line break, appending must not.
    extendCode(code, content.slice(code.textContent.length));
    return new OpenFence(code, closing, length);
  }

  /** Shows what `tail` has more than before; false if the fence may have been closed in it. */
  extend(tail: string): boolean {
    const line = tail.lastIndexOf("\n", this.shown - 1) + 1;
    if (this.closing.test(tail.slice(line))) return false;
    extendCode(this.code, tail.slice(this.shown));
    this.shown = tail.length;
    return true;
  }
}
