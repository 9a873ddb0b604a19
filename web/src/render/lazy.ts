// The renderer is not needed before the first answer: it is loaded while the model thinks, or with a conversation.

import type { Markdown } from "./document";

/** Makes a renderer; undefined until `loadMarkdown` has resolved. */
export let markdownOf: ((root: HTMLElement) => Markdown) | undefined;

export async function loadMarkdown(): Promise<void> {
  const { Markdown } = await import("./document");
  markdownOf = (root) => new Markdown(root);
}
