// Builds what is sent to the model from what is on screen.

import type { Config } from "../core/config";
import { settings } from "../core/settings";
import type { Conversation, Message } from "../core/types";
import type { CompletionRequest } from "../wire/completion";

const GO_ON =
  "Continue exactly where your last message broke off. Do not repeat anything and do not comment on it.";

export function request(
  messages: Message[],
  conversation: Conversation,
  { minTemperature, maxTemperature }: Config,
): CompletionRequest {
  const { model, system, temperature } = settings();
  const chosenModel = conversation.model || model;
  const chosenSystem = conversation.system ?? system;
  return {
    ...(chosenModel ? { model: chosenModel } : {}),
    // Chosen, perhaps, when the deployment accepted others.
    ...(temperature === null
      ? {}
      : { temperature: Math.min(Math.max(temperature, minTemperature), maxTemperature) }),
    messages: [
      ...(chosenSystem ? [{ role: "system" as const, content: chosenSystem }] : []),
      ...messages.filter(({ content }) => content).map(({ role, content }) => ({ role, content })),
    ],
  };
}

/** The wire format has no way to resume an answer, so the model is asked to. */
export function continuation(
  messages: Message[],
  conversation: Conversation,
  config: Config,
): CompletionRequest {
  const body = request(messages, conversation, config);
  body.messages.push({ role: "user", content: GO_ON });
  return body;
}

/** Characters of a request that goes on from these messages. */
export function inputChars(messages: Message[], conversation: Conversation): number {
  const system = conversation.system ?? settings().system;
  return messages.reduce((sum, { content }) => sum + content.length, system.length);
}
