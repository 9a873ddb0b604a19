// The fixed elements of index.html, and what pieces of the view have in common.

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Focus is where typing means text. */
export const isEditing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches("input:not([type=checkbox],[type=radio]), textarea, select");

/** Layouts with the list as a drawer; the same width as in the stylesheet. */
export const narrow = matchMedia("(max-width: 860px)");

const announcer = byId("announcer");

/** Says something to screen readers only. */
export function announce(text: string): void {
  // The same text twice is read once; clearing first makes it a change.
  announcer.textContent = "";
  setTimeout(() => {
    announcer.textContent = text;
  }, 50);
}
