import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newConversation } from "../src/chat/library";
import type { Message } from "../src/core/types";
import { IndexedStore } from "../src/store/indexed";
import { MemoryStore, type Store } from "../src/store/store";

let databases = 0;

function message(conversation: string, content: string): Message {
  const id = crypto.randomUUID();
  return { id, conversation, parent: null, role: "user", content, created: 1, status: "complete" };
}

const stores: Record<string, () => Promise<Store>> = {
  IndexedDB: () => IndexedStore.open(`chat-${++databases}`),
  memory: async () => new MemoryStore(),
};

for (const [name, open] of Object.entries(stores)) {
  describe(`the store in ${name}`, () => {
    test("gives back a conversation and its messages, and nobody else's", async () => {
      const store = await open();
      const mine = newConversation();
      const first = message(mine.id, "mine");
      await store.change(mine.id, () => undefined, mine);
      await store.save(first, message("another", "not mine"));

      assert.deepEqual(await store.conversations(), [mine]);
      assert.deepEqual(await store.messages(mine.id), [first]);
      assert.deepEqual(await store.message(first.id), first);
    });

    test("changes what is stored, not what the caller remembers", async () => {
      const store = await open();
      const { id } = newConversation();
      await store.change(id, () => undefined, { ...newConversation(), id, title: "old" });
      await store.change(id, (conversation) => Object.assign(conversation, { pinned: true }));
      await store.change(id, (conversation) => Object.assign(conversation, { title: "new" }));

      const [stored] = await store.conversations();
      assert.deepEqual([stored?.title, stored?.pinned], ["new", true]);
    });

    test("does not lose one of two changes made at the same time", async () => {
      const store = await open();
      const fresh = newConversation();
      await store.change(fresh.id, () => undefined, fresh);
      await Promise.all([
        store.change(fresh.id, (conversation) => Object.assign(conversation, { title: "renamed" })),
        store.change(fresh.id, (conversation) => Object.assign(conversation, { leaf: "m1" })),
      ]);

      const [stored] = await store.conversations();
      assert.deepEqual([stored?.title, stored?.leaf], ["renamed", "m1"]);
    });

    test("does not bring back a conversation that is gone", async () => {
      const store = await open();
      const result = await store.change("gone", (conversation) =>
        Object.assign(conversation, { title: "x" }),
      );

      assert.equal(result, undefined);
      assert.deepEqual(await store.conversations(), []);
    });

    test("removes a conversation with its messages", async () => {
      const store = await open();
      const fresh = newConversation();
      const kept = message("another", "kept");
      await store.change(fresh.id, () => undefined, fresh);
      await store.save(message(fresh.id, "a"), message(fresh.id, "b"), kept);
      await store.remove(fresh.id);

      assert.deepEqual(await store.conversations(), []);
      const left: Message[] = [];
      await store.each((found) => void left.push(found));
      assert.deepEqual(left, [kept]);
    });

    test("visits every message once, however many there are", async () => {
      const store = await open();
      await store.save(...Array.from({ length: 1200 }, (_, n) => message("long", `message ${n}`)));

      const seen = new Set<string>();
      let visits = 0;
      await store.each(({ content }) => {
        seen.add(content);
        visits++;
      });
      assert.equal(seen.size, 1200);
      assert.equal(visits, 1200);
    });

    test("keeps its own copies", async () => {
      const store = await open();
      const first = message("mine", "as saved");
      await store.save(first);
      first.content = "changed afterwards";

      assert.equal((await store.message(first.id))?.content, "as saved");
    });
  });
}
