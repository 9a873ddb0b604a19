import assert from "node:assert/strict";
import { test } from "node:test";
import { titleFrom } from "../src/chat/library";
import { newestBelow, path, versions } from "../src/chat/tree";
import type { Message } from "../src/core/types";

/** Messages from "child<parent" in order of age. */
function tree(...edges: string[]): Map<string, Message> {
  return new Map(
    edges.map((edge, created) => {
      const [id = "", parent = null] = edge.split("<");
      return [id, { id, conversation: "c", parent, role: "user", content: id, created, status: "complete" }];
    }),
  );
}

const ids = (messages: Message[] = []): string[] => messages.map(({ id }) => id);

test("the path leads from the first message to the leaf", () => {
  const messages = tree("a", "b<a", "c<b", "x<a");

  assert.deepEqual(ids(path(messages, "c")), ["a", "b", "c"]);
  assert.deepEqual(ids(path(messages, "x")), ["a", "x"]);
  assert.deepEqual(path(messages, null), []);
});

test("a missing or circular parent ends the path instead of the page", () => {
  assert.deepEqual(ids(path(tree("b<gone"), "b")), ["b"]);
  assert.deepEqual(ids(path(tree("a<b", "b<a"), "a")), ["b", "a"]);
});

test("versions are grouped by what they answer, oldest first", () => {
  const groups = versions(tree("a", "b<a", "c<a", "a2"));

  assert.deepEqual(ids(groups.get(null)), ["a", "a2"]);
  assert.deepEqual(ids(groups.get("a")), ["b", "c"]);
});

test("choosing a version shows the newest messages below it", () => {
  const messages = tree("a", "b<a", "c<b", "c2<b", "a2");

  assert.equal(newestBelow(messages, "a"), "c2");
  assert.equal(newestBelow(messages, "c"), "c");
  assert.equal(newestBelow(messages, null), "a2");
  assert.equal(newestBelow(new Map(), null), null);
});

const title = (content: string, ...files: string[]): string =>
  titleFrom({ content, files: files.map((name) => ({ name, text: "" })) });

test("a title is the first line, cut at a word, never inside a character", () => {
  assert.equal(title("  Short \nsecond line"), "Short");
  assert.equal(title(`${"word ".repeat(20)}`), `${"word ".repeat(12).trim()}…`);
  assert.equal(title("🎉".repeat(40)), `${"🎉".repeat(29)}…`);
});

test("code is never a title, nor are markdown's marks", () => {
  assert.equal(title("```js\nconst x = 1;\n```\nWhy is this slow?"), "Why is this slow?");
  assert.equal(title("```js\nconst x = 1;\n```"), "Code: js");
  assert.equal(title("```\nnever closed\nWhy?"), "Code");
  assert.equal(title("~~~py\n```\n~~~\n\n## A heading"), "A heading");
  assert.equal(title("> quoted"), "quoted");
  assert.equal(title("", "log.txt"), "log.txt");
});
