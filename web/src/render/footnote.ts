// A footnote's mark in the text, and the note itself. The page's address names the conversation, so the mark is a button.

import { h } from "../dom/element";
import { translate } from "../i18n/translate";

export function footnoteReference(label: string): HTMLElement {
  const name = `${translate("footnote")} ${label}`;
  const attributes = { type: "button", class: "footnote-mark", "aria-label": name, "data-label": label };
  return h("sup", {}, h("button", { ...attributes, onclick: goToNote }, label));
}

export const footnoteDefinition = (label: string, content: HTMLElement[]): HTMLElement =>
  h(
    "div",
    { class: "footnote", role: "note", tabindex: -1, "data-label": label },
    h("sup", {}, label),
    h("div", {}, ...content),
  );

/** Turns marks without a note back into what was written. */
export function withoutUndefined(elements: HTMLElement[], isDefined: (label: string) => boolean): void {
  for (const element of elements) {
    for (const mark of element.querySelectorAll<HTMLElement>(".footnote-mark")) {
      const { label = "" } = mark.dataset;
      if (!isDefined(label)) mark.parentElement?.replaceWith(`[^${label}]`);
    }
    element.normalize();
  }
}

function goToNote({ currentTarget }: Event): void {
  const mark = currentTarget as HTMLElement;
  const notes = mark.closest(".body, body")?.querySelectorAll<HTMLElement>(".footnote") ?? [];
  const note = [...notes].find(({ dataset }) => dataset.label === mark.dataset.label);
  note?.focus();
}
