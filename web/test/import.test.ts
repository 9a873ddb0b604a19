import assert from "node:assert/strict";
import { test } from "node:test";
import { importConversations } from "../src/chat/import";
import { Library } from "../src/chat/library";
import { archive } from "../src/chat/transfer";
import { path } from "../src/chat/tree";
import { IndexedStore } from "../src/store/indexed";
import { MemoryStore } from "../src/store/store";

// The form of ChatGPT's export: hidden and system nodes, a tool's node, a branch, citation marks.
const node = (id: string, parent: string | null, role: string, parts: unknown[], more = {}) => ({
  id,
  parent,
  children: [],
  message: {
    id,
    author: { role },
    create_time: 1700000000.5,
    content: { content_type: "text", parts },
    ...more,
  },
});
const exported = JSON.stringify([
  {
    id: "c1",
    conversation_id: "c1",
    title: "Tea",
    create_time: 1700000000.25,
    update_time: 1700000100,
    current_node: "a2",
    mapping: {
      root: { id: "root", parent: null, children: [], message: null },
      s: node("s", "root", "system", [""], { metadata: { is_visually_hidden_from_conversation: true } }),
      u: node("u", "s", "user", ["Which tea?", { content_type: "image_asset_pointer" }]),
      a1: node("a1", "u", "assistant", ["Green."]),
      call: node("call", "u", "assistant", ["search(tea)"], { recipient: "browser" }),
      tool: node("tool", "call", "tool", ["results"]),
      a2: node("a2", "tool", "assistant", ["Black.\ue200cite\ue202turn0search0\ue201"], {
        metadata: { model_slug: "gpt-4o" },
      }),
    },
  },
]);

test("ChatGPT's export is taken over as a tree, without what nobody said", async () => {
  const library = new Library(new MemoryStore());

  assert.equal(await importConversations(library, exported), 1);
  const [conversation] = library.list();
  assert.deepEqual([conversation?.title, conversation?.created], ["Tea", 1700000000250]);
  const messages = await library.store.messages("c1");
  assert.equal(messages.length, 3);
  const shown = path(new Map(messages.map((message) => [message.id, message])), conversation?.leaf ?? null);
  assert.deepEqual(
    shown.map(({ role, content, model }) => [role, content, model]),
    [
      ["user", "Which tea?", undefined],
      ["assistant", "Black.", "gpt-4o"],
    ],
  );
  assert.equal(await importConversations(library, exported), 0);
});

test("thousands of conversations are written in few transactions and told once, with progress", async () => {
  const store = await IndexedStore.open("import");
  const library = new Library(store);
  const conversation = (n: number) => ({
    conversation: { id: `c${n}`, title: `Title ${n}`, created: n, updated: n, pinned: false, leaf: `m${n}` },
    messages: [
      {
        id: `m${n}`,
        conversation: "?",
        parent: null,
        role: "user",
        content: "hi",
        created: n,
        status: "complete",
      },
    ],
  });
  const conversations = Array.from({ length: 2000 }, (_, n) => conversation(n));
  const file = JSON.stringify({ format: "lambda-stream-chat", version: 1, conversations });
  const told: number[] = [];
  let changes = 0;
  library.changed.on(() => changes++);

  assert.equal(await importConversations(library, file, (part) => told.push(part)), 2000);
  assert.equal(changes, 1);
  assert.ok(told.length > 5 && told.length < 100);
  assert.deepEqual([library.list().length, (await store.messages("c7"))[0]?.id], [2000, "m7"]);
});

test("what was thought, summed up and attached goes out and comes in again", async () => {
  const library = new Library(new MemoryStore());
  const id = "c";
  const more = { reasoning: "hm", thought: 5, summary: "short", files: [{ name: "a.txt", text: "A" }] };
  await library.add(
    [{ id, title: "t", created: 1, updated: 1, pinned: false, leaf: "m" }],
    [
      {
        id: "m",
        conversation: id,
        parent: null,
        role: "assistant",
        content: "x",
        created: 1,
        status: "complete",
        ...more,
      },
    ],
  );
  await library.load();
  const other = new Library(new MemoryStore());
  await importConversations(other, JSON.stringify(await archive(library)));

  assert.deepEqual(await other.store.messages(id), await library.store.messages(id));
});

for (const text of ["{}", "[]x", '[{"title":"x"}]', "null"]) {
  test(`${text} is no export`, async () => {
    await assert.rejects(importConversations(new Library(new MemoryStore()), text));
  });
}
