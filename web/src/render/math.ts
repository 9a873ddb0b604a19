// TeX to MathML. The converter is large and rare, so it is loaded when the first formula appears; a page full of
// formulas is converted a few at a time.

import { h } from "../dom/element";

type Converter = typeof import("./tex");

/** Milliseconds of converting before what else is to be done has its turn. */
const SLICE_MS = 10;
const KEPT = 300;

let converter: Converter | undefined;
let loading: Promise<void> | undefined;
let spent = 0;
const waiting = new Set<HTMLElement>();
/** What formulas became; a growing answer asks for the same ones again and again. */
const known = new Map<string, Node>();
/** The last part of a growing formula that could be converted. */
let growing: { tex: string; node: Node } | undefined;

/**
 * Shows the source until it is converted, and for good if it cannot be. `block`: alone; `wide`: on a line of its own
 * within text. `grows`: its end has not come yet.
 */
export function mathNode(tex: string, kind: "block" | "wide" | "inline", grows = false): HTMLElement {
  const name = kind === "inline" ? "math" : "math display";
  const element = h(kind === "block" ? "div" : "span", { class: name, "data-tex": grows ? undefined : tex });
  if (grows) element.append(...begun(tex, kind !== "inline"));
  else if (!fill(element)) {
    element.textContent = tex;
    waiting.add(element);
    loading ??= work();
  }
  return element;
}

/** Resolves when no formula waits. */
export const mathLoaded = (): Promise<void> => loading ?? Promise.resolve();

/** False if it has to be done later. */
function fill(element: HTMLElement): boolean {
  const { tex = "" } = element.dataset;
  const display = element.classList.contains("display");
  const key = `${display}${tex}`;
  let node = known.get(key);
  if (!node) {
    if (!converter || spent > SLICE_MS) return false;
    if (!spent) setTimeout(() => (spent = 0));
    const started = performance.now();
    node = converter.convert(tex, display) ?? new Text(tex);
    spent += performance.now() - started;
    if (known.size > KEPT) known.clear();
    known.set(key, node);
  }
  element.replaceChildren(node.cloneNode(true));
  return true;
}

async function work(): Promise<void> {
  try {
    converter ??= await import("./tex");
    while (waiting.size) {
      for (const element of waiting) {
        if (!fill(element)) break;
        waiting.delete(element);
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
  } catch {
    // Offline: formulas stay source text, and the next one tries again.
  }
  loading = undefined;
}

/** As much of a formula as makes sense so far; nothing before anything does. */
function begun(tex: string, display: boolean): Node[] {
  if (!converter) {
    loading ??= work();
    return [];
  }
  const node = converter.convertPart(tex, display);
  if (node) growing = { tex, node };
  else if (!growing || !tex.startsWith(growing.tex)) growing = undefined;
  return growing ? [growing.node.cloneNode(true)] : [];
}
