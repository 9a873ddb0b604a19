// render/: the text of an answer to DOM. Knows nothing of chats or where the text comes from. A message's way: lazy.ts
// loads this file; split.ts cuts the text into parts; syntax/ makes tokens of a part, blocks.ts and inline.ts DOM of the
// tokens, code.ts and math.ts what is in code blocks and formulas; scheduler.ts decides when. limits.ts says how much
// work an answer may make.
//
// Markdown that grows: what can no longer change is rendered once, only the last blocks are rendered again.
// The DOM is the same as if the whole text had been rendered at once, wherever it was cut while it came.

import { h } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { blocks } from "./blocks";
import "./copy";
import { Definitions, type Part } from "./definitions";
import { highlightAll } from "./highlight";
import { OpenFence } from "./open-fence";
import { split } from "./split";
import { lastLeaf } from "./syntax/anticipate";
import { parseBlocks, type Token } from "./syntax/parser";

/** Milliseconds of rendering before the browser has its turn; at the end there is less to come. */
const SLICE_MS = 10;
const FINAL_SLICE_MS = 25;

/** Who renders into an element now: a renderer that is not done yet stops when another one has taken its place. */
const owners = new WeakMap<HTMLElement, Markdown>();

export class Markdown {
  #text = "";
  /** Characters that are split into parts, those that are in the DOM for good, and the parts between the two. */
  #parted = 0;
  #queue: string[] = [];
  /** Elements that are final. */
  #elements = 0;
  #final = false;
  #definitions = new Definitions();
  #fence: OpenFence | undefined;
  #carriageReturn = "";
  #highlighting: Promise<void> = Promise.resolve();
  #resolveDone!: () => void;

  /** Resolves when everything is there, after a final update. */
  readonly done = new Promise<void>((resolve) => (this.#resolveDone = resolve));

  constructor(readonly root: HTMLElement) {
    owners.set(root, this);
  }

  /** Adds text; it shows after the next `update`. */
  push(text: string): void {
    const all = this.#carriageReturn + text;
    // "\r\n" may be cut in two.
    this.#carriageReturn = all.endsWith("\r") ? "\r" : "";
    const complete = all.slice(0, all.length - this.#carriageReturn.length);
    this.#text += complete.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
  }

  /**
   * Renders what was pushed. True if there is more to render than one update should: call again soon.
   * `final`: no more will come, everything is settled; what one update should not do then follows by itself.
   */
  update(final = false): boolean {
    const until = performance.now() + (final ? FINAL_SLICE_MS : SLICE_MS);
    if (final) this.#end();
    const more = this.#refresh(until) || this.#render(until) || this.#refresh(until);
    if (!final) return more;
    if (more) {
      setTimeout(() => owners.get(this.root) === this && this.update(true));
    } else {
      this.#definitions.complete();
      this.#resolveDone();
    }
    return false;
  }

  /** Resolves when everything settled so far has its colours. */
  get highlighted(): Promise<void> {
    return this.#highlighting;
  }

  #end(): void {
    if (this.#final) return;
    this.#final = true;
    if (this.#carriageReturn) this.#text += "\n";
    this.#carriageReturn = "";
    this.#fence = undefined;
  }

  /** True if there is more to do. */
  #render(until: number): boolean {
    const tail = this.#text.slice(this.#parted);
    if (this.#fence?.extend(tail)) return false;
    this.#fence = undefined;
    const fresh: HTMLElement[] = [];
    const settled: Part[] = [];
    let live: HTMLElement[] | undefined;
    let last: Token | undefined;
    do {
      if (!this.#queue.length) {
        const parts = this.#split();
        if (!this.#queue.length) {
          ({ live, last } = parts);
          break;
        }
      }
      const part = this.#build(this.#queue.shift()!);
      settled.push(part);
      fresh.push(...part.elements);
    } while (performance.now() < until);
    // What stands behind is what was live: it goes when there is something else to be shown.
    reconcile(this.root, [...fresh, ...(live ?? [])], this.#elements, Boolean(live));
    for (const part of settled) this.#settle(part);
    if (live && last) this.#fence = OpenFence.find(last, this.#text.slice(this.#parted), this.root);
    return !live;
  }

  /** Puts parts into the queue; if there are none, what is live is the answer. */
  #split(): { live: HTMLElement[]; last: Token | undefined } {
    const source = this.#text.slice(this.#parted);
    try {
      const { settled, live, env } = split(source, this.#definitions.env(), this.#final);
      this.#queue = settled;
      for (const raw of settled) this.#parted += raw.length;
      if (settled.length) return { live: [], last: undefined };
      const last = lastLeaf(live);
      return { live: blocks(live, env, last), last: live.at(-1) };
    } catch (error) {
      reportError(error);
      return { live: source.trim() ? [asWritten(source)] : [], last: undefined };
    }
  }

  /** A part as its elements; what it defines is known from then on. */
  #build(raw: string): Part {
    const env = this.#definitions.env();
    const part = { raw, elements: guarded(raw, () => blocks(parseBlocks(raw, env), env)) };
    this.#definitions.add(part, env);
    return part;
  }

  /** What reconcile left in place is what counts, not what was built. */
  #settle(part: Part): void {
    part.elements = part.elements.map(() => this.root.children[this.#elements++] as HTMLElement);
    this.#highlight(part.elements);
  }

  /** Renders again what a definition that came later concerns. True if time was up. */
  #refresh(until: number): boolean {
    for (let part = this.#definitions.next(); part; part = this.#definitions.next()) {
      const { raw, elements } = part;
      const env = this.#definitions.env();
      const fresh = guarded(raw, () => blocks(parseBlocks(raw, env), env));
      elements.forEach((element, index) => {
        element.replaceWith(fresh[index] ?? element);
      });
      part.elements = fresh;
      this.#highlight(fresh);
      if (performance.now() > until) return true;
    }
    return false;
  }

  #highlight(elements: HTMLElement[]): void {
    for (const element of elements) {
      if (!element.querySelector("pre")) continue;
      this.#highlighting = this.#highlighting.then(() => highlightAll(element));
    }
  }
}

/** Whatever goes wrong, the text is there. */
function guarded(raw: string, build: () => HTMLElement[]): HTMLElement[] {
  try {
    return build();
  } catch (error) {
    reportError(error);
    return [asWritten(raw)];
  }
}

const asWritten = (raw: string): HTMLElement => h("p", { class: "as-written", dir: "auto" }, raw.trim());
