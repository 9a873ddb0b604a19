// Conversations to files and back. Loaded when somebody exports or imports.

import type { Conversation, Message } from "../core/types";
import { translate } from "../i18n/translate";
import type { Library } from "./library";
import { path } from "./tree";

const FORMAT = "lambda-stream-chat";
const VERSION = 1;

export interface Archive {
  format: typeof FORMAT;
  version: typeof VERSION;
  conversations: { conversation: Conversation; messages: Message[] }[];
}

/** Everything, or one conversation. */
export async function archive(library: Library, id?: string): Promise<Archive> {
  const chosen = library.list().filter((conversation) => !id || conversation.id === id);
  const conversations: Archive["conversations"] = [];
  for (const conversation of chosen) {
    conversations.push({ conversation, messages: await library.store.messages(conversation.id) });
  }
  return { format: FORMAT, version: VERSION, conversations };
}

/** The version on screen, as a document. */
export function markdown({ title, leaf }: Conversation, messages: Message[]): string {
  const shown = path(new Map(messages.map((message) => [message.id, message])), leaf);
  const parts = shown.map(
    ({ role, content }) => `## ${translate(role === "user" ? "you" : "assistant")}\n\n${content}\n`,
  );
  return `# ${title || translate("untitled")}\n\n${parts.join("\n")}`;
}

export async function exportConversations(
  library: Library,
  format: "json" | "markdown",
  id?: string,
): Promise<void> {
  const data = await archive(library, id);
  const [only] = data.conversations;
  const name =
    (id && only?.conversation.title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 50)) || "conversations";
  if (format === "json") download(`${name}.json`, JSON.stringify(data, null, 1), "application/json");
  else if (only) download(`${name}.md`, markdown(only.conversation, only.messages), "text/markdown");
}

function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const isText = (value: unknown): value is string => typeof value === "string";

function isMessage(value: Partial<Message>): value is Message {
  const { id, parent, role, content, created } = value;
  const known = role === "user" || role === "assistant";
  return (
    known &&
    isText(id) &&
    isText(content) &&
    (parent === null || isText(parent)) &&
    typeof created === "number"
  );
}

function isConversation(value: Partial<Conversation> | undefined): value is Conversation {
  return isText(value?.id) && isText(value.title) && typeof value.created === "number";
}

/** Adds an archive's conversations to those here; returns how many. Throws if the file is something else. */
export async function importConversations(library: Library, text: string): Promise<number> {
  const data = JSON.parse(text) as Partial<Archive>;
  if (data.format !== FORMAT || data.version !== VERSION || !Array.isArray(data.conversations)) {
    throw new TypeError("not an archive of this page");
  }
  const present = new Set((await library.store.conversations()).map(({ id }) => id));
  let count = 0;
  for (const { conversation, messages } of data.conversations) {
    if (!isConversation(conversation) || !Array.isArray(messages)) throw new TypeError("not a conversation");
    if (present.has(conversation.id)) continue;
    await restore(library, conversation, messages.filter(isMessage));
    count++;
  }
  return count;
}

/** Takes over known fields only: a file may say anything. */
async function restore(library: Library, from: Conversation, messages: Message[]): Promise<void> {
  const { id, title, created, updated, pinned, leaf, model, system } = from;
  const conversation: Conversation = {
    id,
    title,
    created,
    updated: typeof updated === "number" ? updated : created,
    pinned: pinned === true,
    leaf: isText(leaf) ? leaf : null,
    ...(isText(model) ? { model } : {}),
    ...(isText(system) ? { system } : {}),
  };
  const clean = messages.map((message): Message => {
    const { parent, role, content, stats } = message;
    const known = ["complete", "stopped", "interrupted", "failed"].includes(message.status);
    const status = known ? message.status : "complete";
    const more = { ...(isText(message.model) ? { model: message.model } : {}), ...(stats ? { stats } : {}) };
    return {
      id: message.id,
      conversation: id,
      parent,
      role,
      content,
      created: message.created,
      status,
      ...more,
    };
  });
  await library.save(...clean);
  await library.change(id, () => undefined, conversation);
}
