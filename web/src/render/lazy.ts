// The renderer is not needed before the first answer: it is loaded while the model thinks, or with a conversation.

import type { Markdown } from "./document";

/** Makes a renderer; undefined until `loadMarkdown` has resolved, and still then if it could not be loaded. */
export let markdownOf: ((root: HTMLElement) => Markdown) | undefined;

export async function loadMarkdown(): Promise<void> {
  try {
    const { Markdown } = await import("./document");
    markdownOf = (root) => new Markdown(root);
  } catch {
    // Offline before it was ever loaded: answers are shown as they were written.
  }
}
