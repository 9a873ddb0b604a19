// wire/: HTTP to the function and back. Knows the wire format, nothing of what is stored or shown. Begin here, then
// api.ts, what every request has, and failure.ts, what can go wrong.
//
// One streamed chat completion: OpenAI's server-sent events in, text and a verdict out.

import { createParser } from "eventsource-parser";
import type { Api } from "./api";
import { failed, inBand } from "./failure";
import { ThinkTag } from "./think-tag";

/** The function sends a comment at least every 15 s; this much without a single byte means that nobody is there. */
const IDLE_TIMEOUT_MS = 45_000;

export interface CompletionRequest {
  model?: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  temperature?: number;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

interface Delta {
  content?: string | null;
  /** What the model thinks before it answers: DeepSeek's and vLLM's name for it, and OpenRouter's. */
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: { function?: { name?: string } }[];
}

interface Chunk {
  model?: string;
  choices?: { delta?: Delta; finish_reason?: string | null }[];
  usage?: Usage | null;
  error?: { message?: string };
}

export interface Outcome {
  finish: string;
  /** The tools that the model wanted called. */
  tools: string[];
  model?: string;
  usage?: Usage;
}

/** Gets every piece of the answer, or of the thinking before it, as it arrives. */
export type OnText = (text: string, reasoning: boolean) => void;

/**
 * Calls `onText` with every piece as it arrives.
 *
 * Resolves when the model said that it was done. Throws ChatError when the endpoint refused, the stream carried
 * an error, or it ended without `finish_reason` or `[DONE]`: a clean end of the connection proves nothing.
 */
export async function complete(
  api: Api,
  request: CompletionRequest,
  onText: OnText,
  signal: AbortSignal,
): Promise<Outcome> {
  // One controller for both reasons to end. Not AbortSignal.any(): WebKit garbage-collects what it returns, and then
  // neither Stop nor the watch over silence reaches the connection.
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener("abort", stop);
  let silent = false;
  const giveUp = () => {
    silent = true;
    connection.abort();
  };
  let timer = setTimeout(giveUp, IDLE_TIMEOUT_MS);
  const outcome: Outcome = { finish: "", tools: [] };
  const text = new ThinkTag(onText);
  const parser = createParser({ onEvent: ({ data }) => take(data, outcome, text) });
  try {
    signal.throwIfAborted();
    const body = { ...request, stream: true, stream_options: { include_usage: true } };
    const response = await api.post("/chat/completions", body, connection.signal);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(giveUp, IDLE_TIMEOUT_MS);
      parser.feed(decoder.decode(value, { stream: true }));
    }
    text.end();
  } catch (error) {
    if (silent) throw failed("silent");
    // A TypeError from read() is a connection that broke.
    if (!signal.aborted && error instanceof TypeError) throw failed("cut");
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    connection.abort(); // closes the connection if it was left in the middle
  }
  if (!outcome.finish) throw failed("cut");
  return outcome;
}

function take(data: string, outcome: Outcome, text: ThinkTag): void {
  if (data === "[DONE]") {
    outcome.finish ||= "stop";
    return;
  }
  let chunk: Chunk;
  try {
    chunk = JSON.parse(data) as Chunk;
  } catch {
    throw failed("cut");
  }
  if (chunk.error) throw inBand(chunk);
  if (chunk.model) outcome.model = chunk.model;
  if (chunk.usage) outcome.usage = chunk.usage;
  const choice = chunk.choices?.[0];
  const { content, reasoning_content, reasoning, tool_calls = [] } = choice?.delta ?? {};
  const thought = reasoning_content ?? reasoning;
  if (thought) text.reasoning(thought);
  if (content) text.push(content);
  for (const { function: tool } of tool_calls) if (tool?.name) outcome.tools.push(tool.name);
  if (choice?.finish_reason) outcome.finish = choice.finish_reason;
}
