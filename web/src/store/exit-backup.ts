// A copy of an unfinished answer for when the page goes away: IndexedDB may not finish then, localStorage does.

import type { Message } from "../core/types";

const key = (id: string): string => `tail:${id}`;

interface Backup {
  content: string;
  reasoning?: string | undefined;
}

export function backUp({ id, content, reasoning }: Message): void {
  try {
    localStorage.setItem(key(id), JSON.stringify({ content, reasoning } satisfies Backup));
  } catch {
    // Full or forbidden: what IndexedDB has must do.
  }
}

/** Returns the copy of the answer, once. */
export function takeBackup(id: string): Backup | undefined {
  try {
    const copy = localStorage.getItem(key(id));
    localStorage.removeItem(key(id));
    return copy === null ? undefined : (JSON.parse(copy) as Backup);
  } catch {
    return undefined;
  }
}

export function dropBackups(): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(key(""))) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
