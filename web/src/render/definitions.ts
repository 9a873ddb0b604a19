// What an answer defines (the addresses of its links, its footnotes), and the parts that are rendered again because of it:
// a definition may come after what it is about.

import { type Env, normalizeReference, type References } from "./syntax/parser";

/** A part of the answer that is in the DOM for good. */
export interface Part {
  raw: string;
  elements: HTMLElement[];
}

const FOOTNOTE = /\[\^([^\s\]]+)\]/g;

export class Definitions {
  #references: References = {};
  #footnotes: Record<string, number> = {};
  #complete = false;
  /** Parts with brackets: a definition that comes later may turn them into links. */
  #open: Part[] = [];
  #stale = new Set<Part>();

  /** What is known now, for one part. */
  env(): Env {
    return {
      references: { ...this.#references },
      footnotes: { refs: { ...this.#footnotes } },
      final: this.#complete,
    };
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

  /** Nothing comes any more: footnotes that nobody defined are text. */
  complete(): void {
    if (this.#complete) return;
    this.#complete = true;
    for (const part of this.#open) {
      const labels = [...part.raw.matchAll(FOOTNOTE)];
      if (labels.some(([, label]) => this.#footnotes[`:${label}`] === undefined)) this.#stale.add(part);
    }
  }

  /** A part that has to be rendered again. */
  next(): Part | undefined {
    const [part] = this.#stale;
    if (part) this.#stale.delete(part);
    return part;
  }
}
