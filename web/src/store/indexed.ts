// Conversations in IndexedDB.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { Conversation, Message } from "../core/types";
import { MemoryStore, type Store } from "./store";

interface Schema extends DBSchema {
  conversations: { key: string; value: Conversation };
  messages: { key: string; value: Message; indexes: { conversation: string } };
}

const BATCH = 500;

export class IndexedStore implements Store {
  readonly persistent = true;

  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(name = "chat"): Promise<IndexedStore> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("conversations", { keyPath: "id" });
        fresh.createObjectStore("messages", { keyPath: "id" }).createIndex("conversation", "conversation");
      },
      blocking(_current, _blocked, event) {
        // A newer page in another tab wants to upgrade: let it.
        (event.target as IDBDatabase).close();
      },
    });
    return new IndexedStore(db);
  }

  conversations(): Promise<Conversation[]> {
    return this.db.getAll("conversations");
  }

  messages(conversation: string): Promise<Message[]> {
    return this.db.getAllFromIndex("messages", "conversation", conversation);
  }

  message(id: string): Promise<Message | undefined> {
    return this.db.get("messages", id);
  }

  async change(
    id: string,
    change: (conversation: Conversation) => void,
    fresh?: Conversation,
  ): Promise<Conversation | undefined> {
    const transaction = this.db.transaction("conversations", "readwrite");
    const conversation = (await transaction.store.get(id)) ?? fresh;
    if (conversation) {
      change(conversation);
      await transaction.store.put(conversation);
    }
    await transaction.done;
    return conversation;
  }

  async save(...messages: Message[]): Promise<void> {
    const transaction = this.db.transaction("messages", "readwrite", { durability: "relaxed" });
    await Promise.all([...messages.map((message) => transaction.store.put(message)), transaction.done]);
  }

  async add(conversations: Conversation[], messages: Message[]): Promise<void> {
    const transaction = this.db.transaction(["conversations", "messages"], "readwrite", {
      durability: "relaxed",
    });
    const [ofConversations, ofMessages] = [
      transaction.objectStore("conversations"),
      transaction.objectStore("messages"),
    ];
    await Promise.all([
      ...conversations.map((conversation) => ofConversations.put(conversation)),
      ...messages.map((message) => ofMessages.put(message)),
      transaction.done,
    ]);
  }

  async remove(conversation: string): Promise<void> {
    const transaction = this.db.transaction(["conversations", "messages"], "readwrite");
    const messages = transaction.objectStore("messages");
    const keys = await messages.index("conversation").getAllKeys(conversation);
    await Promise.all([
      transaction.objectStore("conversations").delete(conversation),
      ...keys.map((key) => messages.delete(key)),
      transaction.done,
    ]);
  }

  async each(visit: (message: Message) => void): Promise<void> {
    for (let after: IDBKeyRange | null = null; ;) {
      const batch: Message[] = await this.db.getAll("messages", after, BATCH);
      for (const message of batch) visit(message);
      const last = batch[batch.length - 1];
      if (!last || batch.length < BATCH) return;
      after = IDBKeyRange.lowerBound(last.id, true);
    }
  }
}

/** Where the conversations are: each person's in a database of their own, so that the next one does not see them. */
const nameOf = (person?: string): string => (person === undefined ? "chat" : `chat:${person}`);

/** IndexedDB if the browser lets us, else memory. */
export async function openStore(person?: string): Promise<Store> {
  try {
    return await IndexedStore.open(nameOf(person));
  } catch {
    return new MemoryStore();
  }
}

/** Removes everything, for good. Open connections, other tabs' too, make way by themselves. */
export const eraseStore = (person?: string): Promise<void> => deleteDB(nameOf(person));
