// Conversations from files: this page's own exports, and ChatGPT's. Loaded when somebody imports.

import type { Conversation, Message, TextFile } from "../core/types";
import { type ChatGptConversation, fromChatGpt } from "./chatgpt";
import type { Library } from "./library";
import { type Archive, FORMAT, VERSION } from "./transfer";

/** Conversations that are written in one transaction: long enough to be fast, short enough to show progress. */
const BATCH = 100;

interface Entry {
  conversation: Conversation;
  messages: Message[];
}

/**
 * Adds a file's conversations to those here, without those that are here already; returns how many.
 * `progress` is told the part that is done, 0 to 1. Throws TypeError or SyntaxError if the file is something else.
 */
export async function importConversations(
  library: Library,
  text: string,
  progress: (part: number) => void = () => undefined,
): Promise<number> {
  const all = entries(JSON.parse(text));
  const present = new Set((await library.store.conversations()).map(({ id }) => id));
  const fresh = all.filter(({ conversation }) => !present.has(conversation.id));
  for (let at = 0; at < fresh.length; at += BATCH) {
    progress(at / fresh.length);
    const batch = fresh.slice(at, at + BATCH);
    await library.add(
      batch.map(({ conversation }) => conversation),
      batch.flatMap(({ messages }) => messages),
    );
  }
  await library.changedAll();
  return fresh.length;
}

function entries(data: unknown): Entry[] {
  if (Array.isArray(data) && data.every((one) => (one as ChatGptConversation | null)?.mapping))
    return (data as ChatGptConversation[]).map(fromChatGpt);
  const { format, version, conversations } = (data ?? {}) as Partial<Archive>;
  if (format !== FORMAT || version !== VERSION || !Array.isArray(conversations))
    throw new TypeError("not an archive of this page");
  return conversations.map(({ conversation, messages }) => {
    if (!isConversation(conversation) || !Array.isArray(messages)) throw new TypeError("not a conversation");
    return restored(conversation, messages.filter(isMessage));
  });
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isFile = (value: Partial<TextFile> | undefined): value is TextFile =>
  isText(value?.name) && isText(value.text);

function isMessage(value: Partial<Message>): value is Message {
  const { id, parent, role, content, created } = value;
  const known = role === "user" || role === "assistant";
  return known && isText(id) && isText(content) && (parent === null || isText(parent)) && isNumber(created);
}

function isConversation(value: Partial<Conversation> | undefined): value is Conversation {
  return isText(value?.id) && isText(value.title) && isNumber(value.created);
}

/** Takes over known fields only: a file may say anything. */
function restored(from: Conversation, messages: Message[]): Entry {
  const { id, title, created, updated, pinned, leaf, model, system } = from;
  const conversation: Conversation = {
    id,
    title,
    created,
    updated: isNumber(updated) ? updated : created,
    pinned: pinned === true,
    leaf: isText(leaf) ? leaf : null,
    ...(isText(model) ? { model } : {}),
    ...(isText(system) ? { system } : {}),
  };
  return { conversation, messages: messages.map((message) => restoredMessage(id, message)) };
}

function restoredMessage(conversation: string, from: Message): Message {
  const { id, parent, role, content, created, model, stats, reasoning, thought, summary, files } = from;
  const known = ["complete", "stopped", "interrupted", "failed"].includes(from.status);
  return {
    id,
    conversation,
    parent,
    role,
    content,
    created,
    status: known ? from.status : "complete",
    ...(isText(model) ? { model } : {}),
    ...(stats ? { stats } : {}),
    ...(isText(reasoning) ? { reasoning } : {}),
    ...(isNumber(thought) ? { thought } : {}),
    ...(isText(summary) ? { summary } : {}),
    ...(Array.isArray(files) ? { files: files.filter(isFile) } : {}),
  };
}
