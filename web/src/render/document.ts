// render/: the text of an answer to DOM. Knows nothing of chats or where the text comes from. A message's way: lazy.ts
// loads this file; lexer.ts makes tokens, blocks.ts and inline.ts make DOM of them, code.ts and math.ts what is in code
// blocks and formulas; scheduler.ts decides when.
//
// Markdown that grows: what can no longer change is rendered once, only the last blocks are rendered again.
// The DOM is the same as if the whole text had been rendered at once, wherever it was cut while it came.

import type { Links, Token } from "marked";
import { reconcile } from "../dom/reconcile";
import { blocks } from "./blocks";
import { highlightAll } from "./highlight";
import { lex } from "./lexer";
import { OpenFence } from "./open-fence";

/** A finished block with brackets: a definition that comes later may turn them into links. */
interface Unresolved {
  raw: string;
  elements: HTMLElement[];
}

/** Time an update spends on rendering older parts again. */
const REFRESH_MS = 4;

export class Markdown {
  #text = "";
  /** Characters and elements that are final. */
  #settled = 0;
  #elements = 0;
  #links: Links = {};
  #unresolved: Unresolved[] = [];
  #stale = new Set<Unresolved>();
  #fence: OpenFence | undefined;
  #carriageReturn = "";
  #highlighting: Promise<void> = Promise.resolve();

  constructor(readonly root: HTMLElement) {}

  /** Adds text; it shows after the next `update`. */
  push(text: string): void {
    const all = this.#carriageReturn + text;
    // "\r\n" may be cut in two.
    this.#carriageReturn = all.endsWith("\r") ? "\r" : "";
    this.#text += all.slice(0, all.length - this.#carriageReturn.length).replace(/\r\n?/g, "\n");
  }

  /**
   * Renders what was pushed. `final`: no more will come, everything is settled.
   * True if there is more to render than one update should: call again soon.
   */
  update(final = false): boolean {
    this.#refresh(performance.now() + REFRESH_MS);
    this.#render(final);
    if (final) this.#refresh(Number.POSITIVE_INFINITY);
    return this.#stale.size > 0;
  }

  #render(final: boolean): void {
    if (final && this.#carriageReturn) {
      this.#carriageReturn = "";
      this.#text += "\n";
    }
    const tail = this.#text.slice(this.#settled);
    if (!final && this.#fence?.extend(tail)) return;
    this.#fence = undefined;

    const { tokens } = lex(tail, this.#links);
    const keep = final ? tokens.length : settledCount(tokens);
    const live = tokens.slice(keep);
    this.#settle(tokens.slice(0, keep), blocks(live));
    if (!final) this.#fence = OpenFence.find(live, this.#text.length - this.#settled, this.root);
  }

  /** Resolves when everything settled so far has its colours. */
  get highlighted(): Promise<void> {
    return this.#highlighting;
  }

  #settle(tokens: Token[], live: HTMLElement[]): void {
    const raw = tokens.map((token) => token.raw).join("");
    // Again, without the definitions of what is not settled yet: those may still change.
    const { tokens: settled, links } = lex(raw, this.#links);
    const parts = settled.map((token) => ({ raw: token.raw, elements: blocks([token]) }));
    reconcile(this.root, [...parts.flatMap(({ elements }) => elements), ...live], this.#elements);
    this.#settled += raw.length;
    this.#define(links);
    for (const part of parts) {
      // What reconcile left in place is what counts, not what was built.
      part.elements = part.elements.map(() => this.root.children[this.#elements++] as HTMLElement);
      if (part.raw.includes("[")) this.#unresolved.push(part);
      this.#highlight(part.elements);
    }
  }

  /** Marks what a definition that came later may turn into links. */
  #define(links: Links): void {
    const labels = Object.keys(links).filter((label) => !(label in this.#links));
    this.#links = links;
    for (const part of labels.length ? this.#unresolved : []) {
      const text = part.raw.toLowerCase().replace(/\s+/g, " ");
      if (labels.some((label) => text.includes(`[${label}`))) this.#stale.add(part);
    }
  }

  /** Renders stale parts again until there are none or time is up: a definition may concern the whole answer. */
  #refresh(until: number): void {
    for (const part of this.#stale) {
      if (performance.now() > until) return;
      this.#stale.delete(part);
      const fresh = blocks(lex(part.raw, this.#links).tokens);
      part.elements.forEach((element, index) => {
        element.replaceWith(fresh[index] ?? element);
      });
      part.elements = fresh;
      this.#highlight(fresh);
    }
  }

  #highlight(elements: HTMLElement[]): void {
    for (const element of elements) {
      if (!element.querySelector("pre")) continue;
      this.#highlighting = this.#highlighting.then(() => highlightAll(element));
    }
  }
}

/** How many tokens no further text can change: those before a blank line that a complete line follows. */
function settledCount(tokens: Token[]): number {
  let after = "";
  for (let count = tokens.length - 1; count > 0; count--) {
    after = (tokens[count]?.raw ?? "") + after;
    if (/\n[ \t]*\n[ \t]*$/.test(tokens[count - 1]?.raw ?? "") && /\S[^\n]*\n/.test(after)) return count;
  }
  return 0;
}
