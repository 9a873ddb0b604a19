import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { Api } from "../src/wire/api";
import { complete, type Outcome } from "../src/wire/completion";
import { ChatError } from "../src/wire/failure";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with these pieces, byte for byte, a moment apart. */
const pieces =
  (...parts: (string | Uint8Array)[]): RequestListener =>
  async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
  };

async function ask(listener: RequestListener): Promise<{ text: string; outcome: Outcome }> {
  let text = "";
  const api = new Api(await serving(listener));
  const request = { messages: [{ role: "user" as const, content: "hi" }] };
  const outcome = await complete(api, request, (part) => (text += part), new AbortController().signal);
  return { text, outcome };
}

const event = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;

const failure = async (listener: RequestListener) => {
  const error = await ask(listener).catch((reason: unknown) => reason);
  assert.ok(error instanceof ChatError);
  return error.failure;
};

test("a character split over packets arrives whole", async () => {
  const bytes = new TextEncoder().encode(event("東京🎉", "stop"));
  const one = Array.from(bytes, (byte) => Uint8Array.of(byte));
  const { text } = await ask(pieces(...one));

  assert.equal(text, "東京🎉");
});

test("heartbeats, several events in a packet and usage are understood", async () => {
  const usage = `data: ${JSON.stringify({ model: "m", choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })}\n\n`;
  const stream = pieces(
    ": ping\n\n",
    `${event("a")}${event("b")}: ping\n\n`,
    event("", "stop") + usage,
    "data: [DONE]\n\n",
  );
  const { text, outcome } = await ask(stream);

  assert.equal(text, "ab");
  assert.deepEqual(outcome, {
    finish: "stop",
    model: "m",
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  });
});

test("finish_reason without [DONE], and [DONE] without finish_reason, are both an end", async () => {
  assert.equal((await ask(pieces(event("a", "length")))).outcome.finish, "length");
  assert.equal((await ask(pieces(event("a"), "data: [DONE]\n\n"))).outcome.finish, "stop");
});

test("a clean end without either is an interruption", async () => {
  assert.equal((await failure(pieces(event("a")))).kind, "cut");
  assert.equal((await failure(pieces())).kind, "cut");
});

test("a connection that breaks is an interruption", async () => {
  const kind = failure((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event("a"));
    setTimeout(() => response.destroy(), 20);
  });

  assert.equal((await kind).kind, "cut");
});

test("an error in the stream carries the server's words", async () => {
  const error = `data: ${JSON.stringify({ error: { message: "no more", type: "t" } })}\n\n`;

  assert.deepEqual(await failure(pieces(event("a"), error)), { kind: "server", message: "no more" });
});

test("a refusal is told by its status, its words and Retry-After", async () => {
  const told = await failure((_request, response) => {
    response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
    response.end(JSON.stringify({ error: { message: "slow down" } }));
  });

  assert.deepEqual(told, { kind: "rate_limit", message: "slow down", retryAfter: 7 });
});

test("a refusal whose body is not JSON is still told", async () => {
  const told = await failure(
    (_request, response) => void response.writeHead(502).end("<html>bad gateway</html>"),
  );

  assert.deepEqual(told, { kind: "unavailable", message: "" });
});

test("a 401 is tried once more after access was renewed, and only once", async () => {
  const tokens: unknown[] = [];
  const base = await serving((request, response) => {
    tokens.push(request.headers["x-chat-authorization"]);
    response.writeHead(401).end("{}");
  });
  let renewals = 0;
  const access = {
    headers: async () => ({ "x-chat-authorization": `Bearer ${renewals}` }),
    renew: async () => ++renewals > 0,
  };

  await assert.rejects(
    new Api(base, access).models(),
    (error: ChatError) => error.failure.kind === "signed_out",
  );
  assert.deepEqual(tokens, ["Bearer 0", "Bearer 1"]);
});
