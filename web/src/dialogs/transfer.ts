// Export and import of all conversations, in the settings.

import type { Library } from "../chat/library";
import { h } from "../render/element";
import { load, save } from "../store/transfer";
import { section } from "./dialog";
import { w } from "./words";

export function transferSection(library: Library): HTMLElement {
  const result = h("p", { class: "help", role: "status" }, w("dataHelp"));
  const picker = h("input", {
    type: "file",
    accept: "application/json,.json",
    hidden: true,
    id: "import-file",
  });
  picker.addEventListener("change", async () => {
    const file = picker.files?.[0];
    if (!file) return;
    try {
      result.textContent = w("imported", { count: await load(library, await file.text()) });
    } catch {
      result.textContent = w("importFailed");
    }
    picker.value = "";
  });
  const button = (label: string, onclick: () => void) =>
    h("button", { type: "button", class: "act", onclick }, label);
  return section(
    w("data"),
    result,
    h(
      "div",
      { class: "row" },
      button(w("exportAll"), () => void save(library, "json")),
      button(w("import"), () => picker.click()),
    ),
    picker,
  );
}
