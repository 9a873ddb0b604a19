// The empty state's invitations: a click puts one into the box, to be sent or changed.

import { t } from "../i18n/i18n";
import { h } from "../render/element";
import { byId } from "./page";

export function showExamples(use: (text: string) => void): void {
  const examples = [t("example1"), t("example2"), t("example3")];
  byId("examples").replaceChildren(
    ...examples.map((text) => h("li", {}, h("button", { type: "button", onclick: () => use(text) }, text))),
  );
}
