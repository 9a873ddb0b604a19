// TeX to MathML. The converter is large and rare, so it is loaded when the first formula appears.

import { h } from "../dom/element";

type Convert = (tex: string, display: boolean) => Node;

let convert: Convert | undefined;
let loading: Promise<void> | undefined;
const waiting = new Map<HTMLElement, [tex: string, display: boolean]>();

/** Shows the source until the converter is there. */
export function mathNode(tex: string, display: boolean): HTMLElement {
  const element = h(display ? "div" : "span", { class: display ? "math display" : "math" }, tex);
  if (convert) {
    element.replaceChildren(convert(tex, display));
  } else {
    waiting.set(element, [tex, display]);
    loading ??= load();
  }
  return element;
}

async function load(): Promise<void> {
  try {
    ({ convert } = await import("./tex"));
  } catch {
    loading = undefined; // Offline: formulas stay source text, and the next one tries again.
    return;
  }
  for (const [element, [tex, display]] of waiting) element.replaceChildren(convert(tex, display));
  waiting.clear();
}

/** Resolves when no formula waits for the converter. */
export const mathLoaded = (): Promise<void> => loading ?? Promise.resolve();
