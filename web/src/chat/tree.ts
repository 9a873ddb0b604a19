// The message tree: which messages are shown, and which versions a message has. Pure functions.

import type { Message } from "../core/types";

export type Messages = ReadonlyMap<string, Message>;

/** The messages from the first to `leaf`, in order. */
export function path(messages: Messages, leaf: string | null): Message[] {
  const found: Message[] = [];
  const seen = new Set<string>();
  for (let id = leaf; id !== null && !seen.has(id);) {
    const message = messages.get(id);
    if (!message) break;
    seen.add(id);
    found.push(message);
    id = message.parent;
  }
  return found.reverse();
}

const byAge = (a: Message, b: Message): number => a.created - b.created || (a.id < b.id ? -1 : 1);

/** Messages by parent, oldest first: the messages of one group are versions of one place in the conversation. */
export function versions(messages: Messages): Map<string | null, Message[]> {
  const groups = new Map<string | null, Message[]>();
  for (const message of messages.values()) {
    const group = groups.get(message.parent);
    if (group) group.push(message);
    else groups.set(message.parent, [message]);
  }
  for (const group of groups.values()) group.sort(byAge);
  return groups;
}

/** The last message below `id` (null: of all), following the newest version at each step. */
export function newestBelow(messages: Messages, id: string | null): string | null {
  const groups = versions(messages);
  let leaf = id;
  for (let group = groups.get(leaf); group; group = groups.get(leaf))
    leaf = group[group.length - 1]?.id ?? null;
  return leaf;
}

/** The leaf to show when another tab shows `there`: only forwards, never away from what is being read at `here`. */
export function leafForwards(messages: Messages, here: string | null, there: string | null): string | null {
  const follows = here === null || path(messages, there).some(({ id }) => id === here);
  return follows ? there : here;
}
