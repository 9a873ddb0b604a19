// A text file as it stands in the message box and in a question: its name and its size.

import type { TextFile } from "../core/types";
import { h, icon } from "../dom/element";
import { number } from "../i18n/translate";

export function fileLabel({ name, text }: TextFile): HTMLElement {
  const kilobytes = new Blob([text]).size / 1000;
  const size = number(kilobytes, {
    style: "unit",
    unit: "kilobyte",
    maximumFractionDigits: kilobytes < 10 ? 1 : 0,
  });
  return h(
    "span",
    { class: "file" },
    icon("page"),
    h("span", { class: "name", dir: "auto" }, name),
    h("small", {}, size),
  );
}
