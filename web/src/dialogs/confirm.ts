// Asks before what cannot be undone, or not for long.

import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { showDialog } from "./dialog";

/** True if the person agrees; `agree` is the button that says so. */
export function confirm(title: string, text: string, agree: string): Promise<boolean> {
  return new Promise((resolve) => {
    const close = (yes: boolean) => () => {
      resolve(yes);
      dialog.close();
    };
    const cancel = h("button", { type: "button", class: "act", onclick: close(false) }, translate("cancel"));
    const dialog = showDialog(
      title,
      h("p", {}, text),
      h(
        "div",
        { class: "row end" },
        cancel,
        h("button", { type: "button", class: "act danger", onclick: close(true) }, agree),
      ),
    );
    dialog.addEventListener("close", () => resolve(false));
    cancel.focus();
  });
}
