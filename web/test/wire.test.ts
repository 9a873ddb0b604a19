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

async function ask(
  listener: RequestListener,
): Promise<{ text: string; reasoning: string; outcome: Outcome }> {
  let text = "";
  let reasoning = "";
  const api = new Api(await serving(listener));
  const request = { messages: [{ role: "user" as const, content: "hi" }] };
  const take = (part: string, thought: boolean) => {
    if (thought) reasoning += part;
    else text += part;
  };
  const outcome = await complete(api, request, take, new AbortController().signal);
  return { text, reasoning, outcome };
}

const delta = (part: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ delta: part, finish_reason: finish }] })}\n\n`;

const event = (content: string, finish: string | null = null): string => delta({ content }, finish);

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
    tools: [],
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

test("stopping closes the connection, without AbortSignal.any: WebKit forgets what that returns", async () => {
  const any = AbortSignal.any;
  AbortSignal.any = () => {
    throw new Error("garbage-collected in WebKit");
  };
  try {
    let left: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (left = resolve));
    const base = await serving((_request, response) => {
      response.on("close", left);
      response.writeHead(200, { "content-type": "text/event-stream" }).write(event("a"));
    });
    const stop = new AbortController();
    const messages = [{ role: "user" as const, content: "hi" }];
    const running = complete(new Api(base), { messages }, () => stop.abort(), stop.signal);

    await assert.rejects(running, { name: "AbortError" });
    await gone;
  } finally {
    AbortSignal.any = any;
  }
});

for (const [where, parts] of [
  ["in reasoning_content", [delta({ reasoning_content: "Hm, 2+" }), delta({ reasoning_content: "2." })]],
  ["in reasoning", [delta({ reasoning: "Hm, " }), delta({ reasoning: "2+2." })]],
  ["in a tag", [event("<think>\nHm, 2+2."), event("</think>\n\n")]],
  ["in a tag that is cut in pieces", [..."\n<think>Hm, 2+2.</think>\n\n"].map((part) => event(part))],
] as const) {
  test(`thinking ${where} is told from the answer`, async () => {
    const { text, reasoning } = await ask(pieces(...parts, event("4 < 5"), event("", "stop")));

    assert.equal(reasoning.trim(), "Hm, 2+2.");
    assert.equal(text, "4 < 5");
  });
}

test("a tag that is not at the beginning, or is none, is text", async () => {
  const said = async (...parts: string[]) =>
    (await ask(pieces(...parts.map((part) => event(part)), event("", "stop")))).text;

  assert.equal(await said("The ", "<think>", " tag</think>"), "The <think> tag</think>");
  assert.equal(await said("<th", "ree>"), "<three>");
  assert.equal(await said("<thin"), "<thin");
});

test("thinking that never ends is no answer", async () => {
  const { text, reasoning } = await ask(pieces(event("<think>Hm </thi"), event("", "length")));

  assert.deepEqual([text, reasoning], ["", "Hm </thi"]);
});

test("the tools that a model wanted are named", async () => {
  const call = { tool_calls: [{ index: 0, function: { name: "get_weather", arguments: "" } }] };
  const { outcome } = await ask(pieces(delta(call), delta({}, "tool_calls")));

  assert.deepEqual([outcome.finish, outcome.tools], ["tool_calls", ["get_weather"]]);
});

for (const [status, code, message, kind] of [
  [400, "context_length_exceeded", "x", "too_large"],
  [400, null, "This model's maximum context length is 8192 tokens.", "too_large"],
  [400, null, "prompt is too long: 210000 tokens > 200000 maximum", "too_large"],
  [429, "insufficient_quota", "You exceeded your current quota", "no_credit"],
  [400, "invalid_value", "temperature", "rejected"],
] as const) {
  test(`${code ?? message} is ${kind}, as a status and in the stream`, async () => {
    const error = JSON.stringify({ error: { message, code } });
    const refusedAtOnce = await failure((_request, response) => void response.writeHead(status).end(error));
    const inStream = await failure(pieces(event("a"), `data: ${error}\n\n`));

    assert.equal(refusedAtOnce.kind, kind);
    assert.equal(inStream.kind, kind === "rejected" ? "server" : kind);
  });
}

test("a refusal is told by its status, its words and Retry-After", async () => {
  const told = await failure((_request, response) => {
    response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
    response.end(JSON.stringify({ error: { message: "slow down" } }));
  });

  const { at = 0, ...rest } = told;
  assert.deepEqual(rest, { kind: "rate_limit", message: "slow down", retryAfter: 7 });
  assert.ok(Math.abs(Date.now() - at) < 60_000);
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
