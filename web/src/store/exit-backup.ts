// A copy of an unfinished answer for when the page goes away: IndexedDB may not finish then, localStorage does.

import type { Message } from "../core/types";

const key = (id: string): string => `tail:${id}`;

export function backUp(message: Message): void {
  try {
    localStorage.setItem(key(message.id), message.content);
  } catch {
    // Full or forbidden: what IndexedDB has must do.
  }
}

/** Returns the copy of the answer's text, once. */
export function takeBackup(id: string): string | undefined {
  try {
    const content = localStorage.getItem(key(id));
    localStorage.removeItem(key(id));
    return content ?? undefined;
  } catch {
    return undefined;
  }
}
