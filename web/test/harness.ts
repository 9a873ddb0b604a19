// The renderer by itself, for tests that feed it directly: served beside the page by the tests, never shipped.

import { Markdown } from "../src/render/document";
import { mathLoaded } from "../src/render/math";

/** Renders pieces as they come, with an update after each, and returns the DOM as text. */
async function render(pieces: string[], bytes = false): Promise<string> {
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  const markdown = new Markdown(root);
  const decoder = new TextDecoder();
  for (const piece of pieces) {
    // A byte of its own for each character of `piece`: cuts inside a multi-byte character are possible.
    const text = bytes
      ? decoder.decode(
          Uint8Array.from(piece, (c) => c.charCodeAt(0)),
          { stream: true },
        )
      : piece;
    markdown.push(text);
    markdown.update();
  }
  markdown.update(true);
  await markdown.highlighted;
  await mathLoaded();
  return root.innerHTML;
}

const words = (root: Element): string => root.textContent.replace(/\s+/g, "");

/**
 * Renders pieces as they come; returns the first moment at which the page shows something else than what had come
 * by then would look like as a whole, or null.
 */
function firstDifference(pieces: string[]): { shown: string; whole: string } | null {
  const root = document.createElement("div");
  const markdown = new Markdown(root);
  let text = "";
  for (const piece of pieces) {
    markdown.push(piece);
    markdown.update();
    text += piece;
    const other = document.createElement("div");
    const whole = new Markdown(other);
    whole.push(text);
    whole.update(true);
    if (words(root) !== words(other)) return { shown: words(root), whole: words(other) };
  }
  return null;
}

Object.assign(window, { render, firstDifference });
