// The renderer by itself, for tests that feed it directly: served beside the page by the tests, never shipped.

import { h } from "../src/dom/element";
import { Markdown } from "../src/render/document";
import { mathLoaded } from "../src/render/math";

/** Where an answer is on the page. */
function place(): HTMLElement {
  const root = h("div", { class: "body" });
  const message = h("article", { class: "message assistant" }, root);
  document.body.replaceChildren(h("main", { id: "scroller" }, h("div", { id: "thread" }, message)));
  return root;
}

/** Renders pieces as they come, with an update after each, and returns the DOM as text. */
async function render(pieces: string[], bytes = false): Promise<string> {
  const root = place();
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
  await markdown.done;
  await markdown.highlighted;
  await mathLoaded();
  return root.innerHTML;
}

/** What somebody sees, spaces and the frames of code apart. */
function seenIn(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const frame of copy.querySelectorAll("figcaption, .alert-title")) frame.remove();
  return copy.textContent.replace(/\s+/g, "");
}

interface Step {
  /** Characters of the text that have come. */
  at: number;
  /** What is seen while more is to come. */
  seen: string;
  /** What is seen if nothing more comes. */
  whole: string;
}

/** What is seen while `text` comes in `count` pieces; the last step is the end. */
async function steps(text: string, count: number): Promise<Step[]> {
  const root = place();
  const markdown = new Markdown(root);
  const result: Step[] = [];
  let at = 0;
  for (let step = 1; step <= count; step++) {
    let cut = Math.round((text.length * step) / count);
    if (/[\udc00-\udfff]/.test(text[cut] ?? "")) cut++; // as a decoder does: no half a character
    markdown.push(text.slice(at, cut));
    at = cut;
    while (markdown.update(at === text.length));
    if (at === text.length) await markdown.done;
    await mathLoaded();
    const other = document.createElement("div");
    const whole = new Markdown(other);
    whole.push(text.slice(0, at));
    whole.update(true);
    await whole.done;
    await mathLoaded();
    result.push({ at, seen: seenIn(root), whole: seenIn(other) });
  }
  return result;
}

/** Renders pieces, each in a task of its own, as they come from a server; returns what is shown. */
async function arrive(pieces: string[]): Promise<string> {
  const root = place();
  const markdown = new Markdown(root);
  for (const piece of pieces) {
    markdown.push(piece);
    markdown.update();
    await new Promise((resolve) => setTimeout(resolve));
  }
  markdown.update(true);
  await markdown.done;
  await markdown.highlighted;
  await mathLoaded();
  return root.innerText;
}

Object.assign(window, { render, arrive, steps });
