// The keyboard: what each combination does. The sheet that lists them is dialogs/shortcuts.ts.

import { isComposing } from "./enter";
import { isEditing } from "./page";

export interface Commands {
  newConversation(): void;
  search(): void;
  settings(): void;
  sheet(): void;
  focusBox(): void;
  answering(): boolean;
  stop(): void;
  jump(step: 1 | -1): void;
  copyLast(): void;
  list(): void;
}

export function startShortcuts(commands: Commands): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event) || document.querySelector(":popover-open, dialog[open]"))
      return;
    const command = find(event, commands);
    if (!command) return;
    event.preventDefault();
    command();
  });
}

function find(event: KeyboardEvent, commands: Commands): (() => void) | undefined {
  const { key, shiftKey, altKey } = event;
  const mod = event.ctrlKey || event.metaKey;
  const typing = isEditing(event.target);
  if (mod && shiftKey && !altKey) {
    return { o: commands.newConversation, c: commands.copyLast, s: commands.list }[key.toLowerCase()];
  }
  if (mod && !altKey)
    return { k: commands.search, ",": commands.settings, "/": commands.sheet }[key.toLowerCase()];
  if (altKey && (key === "ArrowUp" || key === "ArrowDown"))
    return () => commands.jump(key === "ArrowUp" ? -1 : 1);
  if (key === "Escape") return commands.answering() ? commands.stop : undefined;
  if (typing || mod || altKey) return undefined;
  return {
    "?": commands.sheet,
    "/": commands.focusBox,
    j: () => commands.jump(1),
    k: () => commands.jump(-1),
  }[key];
}
