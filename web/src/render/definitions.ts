// What an answer defines (the addresses of its links, its footnotes), and the parts that are rendered again because of it:
// a definition may come after what it is about.

import { withoutUndefined } from "./footnote";
import { type Env, normalizeReference, type References } from "./syntax/parser";

/** A part of the answer that is in the DOM for good. */
export interface Part {
  raw: string;
  elements: HTMLElement[];
}

export class Definitions {
  #references: References = {};
  #footnotes: Record<string, number> = {};
  /** Parts with brackets: a definition that comes later may turn them into links. */
  #open: Part[] = [];
  #stale = new Set<Part>();

  /** What is known now, for one part. */
  env(): Env {
    return { references: { ...this.#references }, footnotes: { refs: { ...this.#footnotes } } };
  }

  /** Takes over what was found in a part. */
  add(part: Part, { references, footnotes }: Env): void {
    const labels = Object.keys(references).filter((label) => !(label in this.#references));
    this.#references = references;
    this.#footnotes = footnotes?.refs ?? {};
    for (const open of labels.length ? this.#open : []) {
      const text = normalizeReference(open.raw);
      if (labels.some((label) => text.includes(`[${label}`))) this.#stale.add(open);
    }
    if (part.raw.includes("[")) this.#open.push(part);
  }

  /** Nothing comes any more: marks of footnotes that nobody defined are text. */
  complete(): void {
    for (const { raw, elements } of this.#open)
      if (raw.includes("[^")) withoutUndefined(elements, (label) => `:${label}` in this.#footnotes);
  }

  /** A part that has to be rendered again. */
  next(): Part | undefined {
    const [part] = this.#stale;
    if (part) this.#stale.delete(part);
    return part;
  }
}
