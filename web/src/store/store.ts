// store/: keeps conversations in this browser and tells its other tabs. Knows what a conversation is made of, not what
// is done with it: that is chat/. This file is what the rest of the page sees, indexed.ts is where things really are.
//
// What the page needs from a place that keeps conversations.

import type { Conversation, Message } from "../core/types";

export interface Store {
  /** False: nothing outlives this page (private mode, or storage forbidden). */
  readonly persistent: boolean;
  /** All conversations, deleted ones included, in no particular order. */
  conversations(): Promise<Conversation[]>;
  messages(conversation: string): Promise<Message[]>;
  message(id: string): Promise<Message | undefined>;
  /**
   * Reads, changes and writes a conversation in one transaction, so that two tabs never undo each other's changes.
   * `fresh` is stored first if there is none yet; without it an unknown conversation stays unknown.
   */
  change(
    id: string,
    change: (conversation: Conversation) => void,
    fresh?: Conversation,
  ): Promise<Conversation | undefined>;
  /** Messages are written by the tab that made them only. */
  save(...messages: Message[]): Promise<void>;
  /** Writes many at once, over what is there under their names. */
  add(conversations: Conversation[], messages: Message[]): Promise<void>;
  /** Removes a conversation and its messages for good. */
  remove(conversation: string): Promise<void>;
  /** Visits every message; for search and export. */
  each(visit: (message: Message) => void): Promise<void>;
}

export class MemoryStore implements Store {
  readonly persistent = false;
  #conversations = new Map<string, Conversation>();
  #messages = new Map<string, Message>();

  async conversations(): Promise<Conversation[]> {
    return structuredClone([...this.#conversations.values()]);
  }

  async messages(conversation: string): Promise<Message[]> {
    return structuredClone([...this.#messages.values()].filter((m) => m.conversation === conversation));
  }

  async message(id: string): Promise<Message | undefined> {
    return structuredClone(this.#messages.get(id));
  }

  async change(
    id: string,
    change: (conversation: Conversation) => void,
    fresh?: Conversation,
  ): Promise<Conversation | undefined> {
    const conversation = this.#conversations.get(id) ?? structuredClone(fresh);
    if (!conversation) return undefined;
    change(conversation);
    this.#conversations.set(id, conversation);
    return structuredClone(conversation);
  }

  async save(...messages: Message[]): Promise<void> {
    for (const message of messages) this.#messages.set(message.id, structuredClone(message));
  }

  async add(conversations: Conversation[], messages: Message[]): Promise<void> {
    for (const conversation of conversations)
      this.#conversations.set(conversation.id, structuredClone(conversation));
    await this.save(...messages);
  }

  async remove(conversation: string): Promise<void> {
    this.#conversations.delete(conversation);
    for (const message of await this.messages(conversation)) this.#messages.delete(message.id);
  }

  async each(visit: (message: Message) => void): Promise<void> {
    for (const message of this.#messages.values()) visit(structuredClone(message));
  }
}
