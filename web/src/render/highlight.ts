// Colours code blocks. The highlighter and each language are loaded when a block first needs them.

import { h } from "../dom/element";
import { groups } from "./code";

/** Characters after which building the DOM pauses, so that input is not held up. */
const SLICE = 8_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Colours every plain code block below `root`. */
export async function highlightAll(root: Element): Promise<void> {
  for (const code of root.querySelectorAll<HTMLElement>("pre > code[data-language]")) await highlight(code);
}

async function highlight(code: HTMLElement): Promise<void> {
  const text = code.textContent;
  // A task of its own: the one that finished the block has had its work.
  await pause();
  const { tokenize } = await import("./highlighter").catch(() => ({ tokenize: undefined }));
  const runs = await tokenize?.(text, code.dataset.language ?? "");
  if (!runs) return;
  let run = 0;
  let used = 0; // characters of the current run that earlier groups took
  let built = 0;
  const elements = code.children;
  let index = 0;
  for (const group of groups(text)) {
    const nodes: (Node | string)[] = [];
    for (let left = group.length; left > 0 && run < runs.length;) {
      const [scope, all] = runs[run] as [string, string];
      const part = all.slice(used, used + left);
      nodes.push(scope ? h("span", { class: `hl-${scope}` }, part) : part);
      left -= part.length;
      used += part.length;
      if (used === all.length) {
        run++;
        used = 0;
      }
    }
    elements[index++]?.replaceChildren(...nodes);
    built += group.length;
    if (built > SLICE) {
      built = 0;
      await pause();
    }
  }
}
