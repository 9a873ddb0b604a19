import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeText } from "../src/chat/attachments";
import { newConversation } from "../src/chat/library";
import { fit, request } from "../src/chat/request";
import type { Config } from "../src/core/config";
import type { Message } from "../src/core/types";

const config = (maxInputChars: number, maxMessages = 1000): Config => ({
  apiBase: "",
  maxInputChars,
  maxMessages,
  minTemperature: 0,
  maxTemperature: 2,
  demo: false,
  signIn: { type: "none" },
});

/** Questions and answers in turn, of so many characters. */
const talk = (...lengths: number[]): Message[] =>
  lengths.map((length, n) => ({
    id: `m${n}`,
    conversation: "c",
    parent: n ? `m${n - 1}` : null,
    role: n % 2 ? "assistant" : "user",
    content: String(n).repeat(length),
    created: n,
    status: "complete",
  }));

const kept = (path: Message[], limit: number, maxMessages?: number): string[] =>
  fit(path, newConversation(), config(limit, maxMessages)).messages.map(({ id }) => id);

test("all is sent while it fits", () => {
  assert.deepEqual(kept(talk(10, 10, 10), 30), ["m0", "m1", "m2"]);
});

test("what no longer fits is left out from the oldest on, and what is sent begins with a question", () => {
  assert.deepEqual(kept(talk(10, 10, 10, 10, 5), 34), ["m2", "m3", "m4"]);
  assert.deepEqual(kept(talk(10, 10, 10, 10, 5), 24), ["m4"]);
});

test("too many messages are as long as too many characters", () => {
  assert.deepEqual(kept(talk(1, 1, 1, 1, 1), 100, 5), ["m2", "m3", "m4"]);
});

test("the newest is always sent, however long", () => {
  assert.deepEqual(kept(talk(10, 10, 50), 30), ["m2"]);
});

test("the limit that a model has shown and the system prompt take room", () => {
  const conversation = { ...newConversation(), system: "12345", room: 30 };

  assert.deepEqual(
    fit(talk(10, 10, 10), conversation, config(1000)).messages.map(({ id }) => id),
    ["m2"],
  );
});

test("a summary stands for what was before, in front of the next question", () => {
  const path = talk(10, 10, 5);
  path[1]!.summary = "They spoke.";
  const { messages } = request(path, newConversation(), config(1000));

  assert.deepEqual(messages, [
    { role: "user", content: "Summary of our conversation so far:\n\nThey spoke.\n\n22222" },
  ]);
});

test("thoughts are not sent, files are, before the text", () => {
  const path = talk(1, 1, 1);
  path[1]!.reasoning = "secret thought";
  path[2]!.files = [{ name: "a.py", text: "print('```')\n" }];
  const { messages } = request(path, newConversation(), config(1000));

  assert.ok(!JSON.stringify(messages).includes("secret"));
  assert.equal(messages[2]?.content, "a.py\n````py\nprint('```')\n````\n\n2");
  assert.equal(wholeText({ content: "only text" }), "only text");
});
