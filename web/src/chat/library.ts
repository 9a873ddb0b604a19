// All conversations of this browser, newest first, and what can be done to one as a whole.

import { Signal } from "../core/signal";
import type { Conversation, Message } from "../core/types";
import { translate } from "../i18n/translate";
import type { Store } from "../store/store";
import { changedElsewhere, tellOtherTabs } from "../store/tabs";

/** A deleted conversation is kept so long for "undo". */
export const UNDO_MS = 10_000;

const TITLE_LENGTH = 60;

export class Library {
  readonly changed = new Signal();
  /** Storing failed; "full" if the browser said that its quota is used up. */
  readonly trouble = new Signal<"full" | "failed">();
  #known = new Map<string, Conversation>();

  constructor(readonly store: Store) {
    changedElsewhere.on(({ message }) => void (message || this.load()));
  }

  async load(): Promise<void> {
    const all = await this.store.conversations();
    this.#known = new Map(all.map((conversation) => [conversation.id, conversation]));
    this.changed.emit();
  }

  /** Pinned first, then by last use; without the deleted. */
  list(): Conversation[] {
    return [...this.#known.values()]
      .filter((conversation) => !conversation.deleted)
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated);
  }

  get(id: string): Conversation | undefined {
    const conversation = this.#known.get(id);
    return conversation?.deleted ? undefined : conversation;
  }

  async change(
    id: string,
    change: (conversation: Conversation) => void,
    fresh?: Conversation,
  ): Promise<void> {
    const now = this.#known.get(id) ?? fresh;
    if (now) {
      // The page shows the change at once; the store repeats it on what another tab may have written since.
      const copy = structuredClone(now);
      change(copy);
      this.#known.set(id, copy);
      this.changed.emit();
    }
    await this.keep(() => this.store.change(id, change, fresh));
    tellOtherTabs({ conversation: id });
  }

  async save(...messages: Message[]): Promise<void> {
    await this.keep(() => this.store.save(...messages));
    for (const { conversation, id } of messages) tellOtherTabs({ conversation, message: id });
  }

  /** Adds many conversations at once; the page and the other tabs are told by `load` and `tellOfAll`. */
  async add(conversations: Conversation[], messages: Message[]): Promise<void> {
    await this.keep(() => this.store.add(conversations, messages));
  }

  /** The whole list may have changed. */
  async changedAll(): Promise<void> {
    await this.load();
    tellOtherTabs({});
  }

  /** Deletes all there are, as `delete` does one. */
  deleteAll(): Promise<string[]> {
    return this.#markAll(
      this.list().map(({ id }) => id),
      Date.now(),
    );
  }

  async undeleteAll(ids: string[]): Promise<void> {
    await this.#markAll(ids);
  }

  /** Hides a conversation; `purge` removes it once undoing is no longer offered. */
  delete(id: string): Promise<void> {
    return this.change(id, (conversation) => {
      conversation.deleted = Date.now();
    });
  }

  undelete(id: string): Promise<void> {
    return this.change(id, (conversation) => {
      delete conversation.deleted;
    });
  }

  async purge(): Promise<void> {
    for (const { id, deleted } of await this.store.conversations()) {
      if (!deleted || Date.now() - deleted < UNDO_MS) continue;
      await this.store.remove(id);
      this.#known.delete(id);
    }
  }

  async #markAll(ids: string[], deleted?: number): Promise<string[]> {
    const chosen = new Set(ids);
    const stored = await this.store.conversations();
    const changed = stored.filter(({ id }) => chosen.has(id));
    for (const conversation of changed) {
      if (deleted) conversation.deleted = deleted;
      else delete conversation.deleted;
    }
    await this.add(changed, []);
    await this.changedAll();
    return ids;
  }

  /** Runs a write; a failure is told to the person and the chat goes on in memory. */
  async keep(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.trouble.emit((error as DOMException).name === "QuotaExceededError" ? "full" : "failed");
    }
  }
}

export function newConversation(): Conversation {
  const now = Date.now();
  return { id: crypto.randomUUID(), title: "", created: now, updated: now, pinned: false, leaf: null };
}

/** The first line of the first message that is not code, cut at a word. */
export function titleFrom({ content, files = [] }: Pick<Message, "content" | "files">): string {
  const prose = content.replace(/^ {0,3}(`{3,}|~{3,})(.*)\n?[\s\S]*?(?:\n {0,3}\1.*$|$(?![\s\S]))/gm, "");
  const line = prose
    .split("\n")
    .map((text) =>
      text
        .replace(/^[\s#>*-]+/, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .find(Boolean);
  const language = /^ {0,3}(?:`{3,}|~{3,})[ \t]*(\S+)/m.exec(content)?.[1];
  const title = line ?? files[0]?.name ?? [translate("code"), language].filter(Boolean).join(": ");
  if (title.length <= TITLE_LENGTH) return title;
  const cut = title.slice(0, TITLE_LENGTH);
  const word = cut.lastIndexOf(" ");
  return `${(word > TITLE_LENGTH / 2 ? cut.slice(0, word) : Array.from(cut).slice(0, -1).join("")).trimEnd()}…`;
}
