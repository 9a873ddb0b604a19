// Conversations to files. Loaded when somebody exports.

import type { Conversation, Message } from "../core/types";
import { translate } from "../i18n/translate";
import { wholeText } from "./attachments";
import type { Library } from "./library";
import { path } from "./tree";

export const FORMAT = "lambda-stream-chat";
export const VERSION = 1;

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
    (message) => `## ${translate(message.role === "user" ? "you" : "assistant")}\n\n${wholeText(message)}\n`,
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

export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
