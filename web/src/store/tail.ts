// The last moments of an answer when the page goes away: IndexedDB may not finish then, localStorage does.

import type { Message } from "../types";

const key = (id: string): string => `tail:${id}`;

export function keepTail(message: Message): void {
  try {
    localStorage.setItem(key(message.id), message.content);
  } catch {
    // Full or forbidden: what IndexedDB has must do.
  }
}

/** Returns what was kept of the answer, once. */
export function takeTail(id: string): string | undefined {
  try {
    const content = localStorage.getItem(key(id));
    localStorage.removeItem(key(id));
    return content ?? undefined;
  } catch {
    return undefined;
  }
}
