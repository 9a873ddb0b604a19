// Finds conversations by what was said in them. Loaded with the first search.

import type { Conversation } from "../core/types";
import type { Library } from "./library";

const AROUND = 40;

export interface Found {
  conversation: Conversation;
  /** The first place that matched, with some text around it; unset if only the title did. */
  snippet?: string;
}

/** Full and half width, upper and lower case count as the same. */
const plain = (text: string): string => text.normalize("NFKC").toLowerCase();

function cut(text: string, words: string[]): string {
  const line = text.replace(/\s+/g, " ");
  const at = Math.max(0, ...words.slice(0, 1).map((word) => plain(line).indexOf(word)));
  const from = Math.max(0, at - AROUND);
  return `${from ? "…" : ""}${line.slice(from, at + 2 * AROUND).trim()}`;
}

/** Conversations that contain every word of the query, in the order of the list. */
export async function search(library: Library, query: string): Promise<Found[]> {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.includes(word));
  const snippets = new Map<string, string>();
  await library.store.each(({ conversation, content }) => {
    if (!snippets.has(conversation) && matches(plain(content)))
      snippets.set(conversation, cut(content, words));
  });
  return library.list().flatMap((conversation) => {
    const snippet = snippets.get(conversation.id);
    if (snippet === undefined && !matches(plain(conversation.title))) return [];
    return [snippet === undefined ? { conversation } : { conversation, snippet }];
  });
}
