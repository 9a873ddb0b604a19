// The fast path for a code block that is still open: its text is appended, nothing is lexed or built again.

import { extendCode } from "./code";
import type { Token } from "./syntax/parser";

export class OpenFence {
  private constructor(
    private readonly code: HTMLElement,
    private readonly closing: RegExp,
    /** A last line that may become the closing fence. */
    private readonly half: RegExp,
    /** Characters of the tail that are shown. */
    private shown: number,
  ) {}

  /** The open fence that ends `tail`, if there is one; `last` is its last block's token. */
  static find(last: Token, tail: string, root: Element): OpenFence | undefined {
    const code =
      last.type === "fence" && root.lastElementChild?.querySelector<HTMLElement>(":scope > pre > code");
    if (!code) return undefined;
    const { markup, content } = last;
    const start = tail.indexOf("\n", tail.lastIndexOf(`\n${markup}`) + 1) + 1;
    const closing = new RegExp(`^ {0,3}${markup}`, "m");
    // An indented fence takes its indentation from every line.
    if (!start || tail.slice(start) !== content || closing.test(content)) return undefined;
    const half = new RegExp(`^ {0,3}${markup[0]}*$`);
    const fence = new OpenFence(code, closing, half, start + code.textContent.length);
    return fence.extend(tail) ? fence : undefined;
  }

  /** Shows what `tail` has more than before; false if the fence may have been closed in it. */
  extend(tail: string): boolean {
    const line = tail.lastIndexOf("\n", this.shown - 1) + 1;
    if (this.closing.test(tail.slice(line))) return false;
    const lastLine = tail.lastIndexOf("\n") + 1;
    const end = this.half.test(tail.slice(lastLine)) ? Math.max(lastLine, this.shown) : tail.length;
    extendCode(this.code, tail.slice(this.shown, end));
    this.shown = end;
    return true;
  }
}
