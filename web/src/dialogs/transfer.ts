// Export and import of all conversations, in the settings.

import type { Library } from "../chat/library";
import { exportConversations, importConversations } from "../chat/transfer";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { section } from "./dialog";

export function transferSection(library: Library): HTMLElement {
  const result = h("p", { class: "help", role: "status" }, translate("dataHelp"));
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
      result.textContent = translate("imported", {
        count: await importConversations(library, await file.text()),
      });
    } catch {
      result.textContent = translate("importFailed");
    }
    picker.value = "";
  });
  const button = (label: string, onclick: () => void) =>
    h("button", { type: "button", class: "act", onclick }, label);
  return section(
    translate("data"),
    result,
    h(
      "div",
      { class: "row" },
      button(translate("exportAll"), () => void exportConversations(library, "json")),
      button(translate("import"), () => picker.click()),
    ),
    picker,
  );
}
