// Builds what is sent to the model from what is on screen: all of it, or as much as the model can take.

import type { Config } from "../core/config";
import { settings } from "../core/settings";
import type { Conversation, Message } from "../core/types";
import type { CompletionRequest } from "../wire/completion";
import { wholeText } from "./attachments";

const GO_ON =
  "Continue exactly where your last message broke off. Do not repeat anything and do not comment on it.";
/** Messages that may stand beside the conversation's own: the system prompt and GO_ON. */
const BESIDES = 2;
const SUMMARY = "Summary of our conversation so far:";

/** The system prompt of a conversation. */
export const systemOf = ({ system }: Conversation): string => system ?? settings().system;

/** Characters that a request of this conversation may have, its system prompt left aside. */
export const roomOf = (conversation: Conversation, config: Config): number =>
  Math.min(config.maxInputChars, conversation.room ?? Infinity) - systemOf(conversation).length;

export interface Fit {
  /** What is sent, oldest first; it begins with a question. */
  messages: Message[];
  /** The message whose summary stands for it and for all before it. */
  summarised?: Message;
  /** How many messages are sent neither themselves nor in a summary. */
  leftOut: number;
  /** Characters of what is sent. */
  chars: number;
}

/** As many messages as fit, from the newest back. The newest is always there, however long. */
export function fit(path: Message[], conversation: Conversation, config: Config): Fit {
  const summary = path.findLastIndex((message) => message.summary !== undefined);
  const summarised = path[summary];
  const said = path.slice(summary + 1).filter((message) => message.content || message.files?.length);
  const room = roomOf(conversation, config);
  let chars = summarised?.summary ? summarised.summary.length + SUMMARY.length + 4 : 0;
  let first = said.length;
  for (; first > 0 && said.length - first < config.maxMessages - BESIDES; first--) {
    const length = wholeText(said[first - 1]!).length;
    if (first < said.length && chars + length > room) break;
    chars += length;
  }
  while (first > 0 && first < said.length - 1 && said[first]?.role !== "user")
    chars -= wholeText(said[first++]!).length;
  return { messages: said.slice(first), ...(summarised ? { summarised } : {}), leftOut: first, chars };
}

export function request(path: Message[], conversation: Conversation, config: Config): CompletionRequest {
  const { model, temperature } = settings();
  const chosenModel = conversation.model || model;
  const system = systemOf(conversation);
  const { messages, summarised } = fit(path, conversation, config);
  const sent = messages.map((message) => ({ role: message.role, content: wholeText(message) }));
  const [first] = sent;
  // Not a message of its own: some models take only questions and answers in turn.
  if (summarised && first) first.content = `${SUMMARY}\n\n${summarised.summary}\n\n${first.content}`;
  return {
    ...(chosenModel ? { model: chosenModel } : {}),
    // Chosen, perhaps, when the deployment accepted others.
    ...(temperature === null
      ? {}
      : { temperature: Math.min(Math.max(temperature, config.minTemperature), config.maxTemperature) }),
    messages: [...(system ? [{ role: "system" as const, content: system }] : []), ...sent],
  };
}

/** The wire format has no way to resume an answer, so the model is asked to. */
export function continuation(path: Message[], conversation: Conversation, config: Config): CompletionRequest {
  const body = request(path, conversation, config);
  body.messages.push({ role: "user", content: GO_ON });
  return body;
}
