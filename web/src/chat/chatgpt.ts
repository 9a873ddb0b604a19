// conversations.json of ChatGPT's data export. OpenAI does not document it; what is read here is what every export since
// 2023 has: a tree of nodes by id, of which those without a person's or the model's own text are left out.

import type { Conversation, Message } from "../core/types";

interface Node {
  parent?: string | null;
  message?: {
    author?: { role?: string };
    create_time?: number | null;
    content?: { parts?: unknown[] };
    metadata?: { model_slug?: string; is_visually_hidden_from_conversation?: boolean };
    recipient?: string;
  } | null;
}

export interface ChatGptConversation {
  id?: string;
  conversation_id?: string;
  title?: string | null;
  create_time?: number | null;
  update_time?: number | null;
  current_node?: string | null;
  mapping: Record<string, Node>;
}

/** Seconds, as the export has them, in milliseconds. */
const milliseconds = (seconds: number | null | undefined): number => Math.round((seconds ?? 0) * 1000);

/** What a node says; pictures and what tools said are left out. */
function textOf({ message }: Node): string {
  const { author, content, metadata, recipient = "all" } = message ?? {};
  const said = author?.role === "user" || author?.role === "assistant";
  if (!said || recipient !== "all" || metadata?.is_visually_hidden_from_conversation) return "";
  const parts = (content?.parts ?? []).filter((part) => typeof part === "string");
  // Marks of citations and the like, between characters that stand for nothing.
  return parts
    .join("\n\n")
    .replace(/\ue200[^\ue201]*\ue201/g, "")
    .trim();
}

export function fromChatGpt(from: ChatGptConversation): { conversation: Conversation; messages: Message[] } {
  const { mapping, title, create_time, update_time, current_node } = from;
  const id = from.conversation_id ?? from.id ?? crypto.randomUUID();
  const created = milliseconds(create_time);
  // Nearest first: the node itself, or the one above it that says something.
  const speaking = (at: string | null | undefined): string | null => {
    const seen = new Set<string>();
    let name = at;
    while (name && !seen.has(name)) {
      const node = mapping[name];
      if (!node) return null;
      if (textOf(node)) return name;
      seen.add(name);
      name = node.parent;
    }
    return null;
  };
  const messages = Object.entries(mapping).flatMap(([name, node]): Message[] => {
    const content = textOf(node);
    if (!content) return [];
    const model = node.message?.metadata?.model_slug;
    return [
      {
        id: `${id}:${name}`,
        conversation: id,
        parent: prefixed(id, speaking(node.parent)),
        role: node.message?.author?.role === "user" ? "user" : "assistant",
        content,
        created: milliseconds(node.message?.create_time) || created,
        status: "complete",
        ...(model ? { model } : {}),
      },
    ];
  });
  const conversation = {
    id,
    title: title ?? "",
    created,
    updated: milliseconds(update_time) || created,
    pinned: false,
    leaf: prefixed(id, speaking(current_node)),
  };
  return { conversation, messages };
}

/** A node's name is its own only within its conversation. */
const prefixed = (conversation: string, name: string | null): string | null =>
  name && `${conversation}:${name}`;
