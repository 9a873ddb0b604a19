// Export and import of all conversations, in the settings.

import type { Library } from "../chat/library";
import { importConversations } from "../chat/import";
import { exportConversations } from "../chat/transfer";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { section } from "./dialog";

export function transferSection(library: Library, deleteAll: () => void): HTMLElement {
  const result = h("p", { class: "help", role: "status" }, translate("dataHelp"));
  const picker = h("input", {
    type: "file",
    accept: "application/json,.json",
    hidden: true,
    id: "import-file",
  });
  const bar = h("progress", { max: 1, hidden: true, "aria-label": translate("importing") });
  picker.addEventListener("change", async () => {
    const file = picker.files?.[0];
    if (!file) return;
    bar.hidden = false;
    const show = (part: number) => {
      bar.value = part;
    };
    try {
      const count = await importConversations(library, await file.text(), show);
      result.textContent = translate("imported", { count });
    } catch {
      result.textContent = translate("importFailed");
    }
    bar.hidden = true;
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
      h("button", { type: "button", class: "act danger", onclick: deleteAll }, translate("deleteAll")),
    ),
    bar,
    picker,
  );
}
