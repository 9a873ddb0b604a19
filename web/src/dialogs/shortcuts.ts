// The sheet of keyboard shortcuts. What they do is in view/shortcuts.ts.

import { h } from "../render/element";
import { isMac } from "../view/page";
import { showDialog } from "./dialog";
import { type Word, w } from "./words";

export function open(): void {
  const mod = isMac ? "⌘" : "Ctrl";
  const alt = isMac ? "⌥" : "Alt";
  const keys: [Word, ...string[][]][] = [
    ["keySend", ["Enter"]],
    ["keyNew", [mod, "Shift", "O"]],
    ["keySearch", [mod, "K"]],
    ["keySettings", [mod, ","]],
    ["keyCopy", [mod, "Shift", "C"]],
    ["keyJump", [alt, "↑"], [alt, "↓"], ["K"], ["J"]],
    ["keyStop", ["Esc"]],
    ["keyBox", ["/"]],
    ["keyPrompt", ["/", "…"]],
    ["keySheet", ["?"], [mod, "/"]],
  ];
  const row = ([word, ...combinations]: (typeof keys)[number]) => [
    h("dt", {}, w(word, { other: mod })),
    h(
      "dd",
      {},
      ...combinations.map((keysOfOne) => h("span", {}, ...keysOfOne.map((key) => h("kbd", {}, key)))),
    ),
  ];
  showDialog(w("shortcuts"), h("dl", { class: "keys" }, ...keys.flatMap(row)));
}
