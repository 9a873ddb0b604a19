// The sheet of keyboard shortcuts. What they do is in view/shortcuts.ts.

import { h } from "../dom/element";
import { isMac } from "../dom/platform";
import { type Key, translate } from "../i18n/translate";
import { showDialog } from "./dialog";

export function open(): void {
  const mod = isMac ? "⌘" : "Ctrl";
  const alt = isMac ? "⌥" : "Alt";
  const keys: [Key, ...string[][]][] = [
    ["keySend", ["Enter"]],
    ["keyNew", [mod, "Shift", "O"]],
    ["keySearch", [mod, "K"]],
    ["keyList", [mod, "Shift", "S"]],
    ["keySettings", [mod, ","]],
    ["keyCopy", [mod, "Shift", "C"]],
    ["keyJump", [alt, "↑"], [alt, "↓"], ["K"], ["J"]],
    ["keyStop", ["Esc"]],
    ["keyBox", ["/"]],
    ["keyPrompt", ["/", "…"]],
    ["keySheet", ["?"], [mod, "/"]],
  ];
  const row = ([word, ...combinations]: (typeof keys)[number]) => [
    h("dt", {}, translate(word, { other: mod })),
    h(
      "dd",
      {},
      ...combinations.map((keysOfOne) => h("span", {}, ...keysOfOne.map((key) => h("kbd", {}, key)))),
    ),
  ];
  showDialog(translate("shortcuts"), h("dl", { class: "keys" }, ...keys.flatMap(row)));
}
