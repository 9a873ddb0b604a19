// What stands below a message whose end was not a good one: what happened, the server's own words, what can be done.

import type { Message } from "../core/types";
import { h } from "../dom/element";
import { type Key, translate } from "../i18n/translate";
import { noteText, secondsLeft } from "./failure-text";

/** What can be done about a conversation that is too long. */
const shortenings: [action: string, label: Key][] = [
  ["leave-out", "leaveOut"],
  ["summarise", "summarise"],
  ["restart", "restart"],
];

/** `live`: this tab is writing the answer. Nothing if all is well. */
export function note(message: Message, live: boolean): HTMLElement | undefined {
  const text = noteText(message, live);
  if (!text) return undefined;
  const { status, truncated, content, failure } = message;
  const act = (action: string, label: Key) =>
    h("button", { type: "button", class: "act", "data-action": action }, translate(label));
  const resumable = content && (status !== "complete" || truncated) && status !== "streaming";
  const words = failure?.kind === "tools" ? "" : failure?.message;
  const acts =
    failure?.kind === "too_large"
      ? shortenings.map(([action, label]) => act(action, label))
      : [
          resumable && act("resume", "resume"),
          (status === "failed" || status === "interrupted") && act("retry", "retry"),
        ];
  const cause = h("p", { class: "cause" }, text);
  if (failure) count(cause, message);
  const given = acts.filter((one) => one !== false && one !== "");
  return h(
    "div",
    { class: `note ${status}` },
    cause,
    words && h("p", { class: "words", dir: "auto" }, translate("serverSaid", { message: words })),
    given.length > 0 && h("div", { class: "row" }, ...given),
  );
}

/** Counts down to the moment from which trying again makes sense. */
function count(cause: HTMLElement, message: Message): void {
  const { failure } = message;
  if (!failure || !secondsLeft(failure)) return;
  const timer = setInterval(() => {
    if (message.failure === failure) cause.textContent = noteText(message, false);
    if (message.failure !== failure || !secondsLeft(failure) || !cause.isConnected) clearInterval(timer);
  }, 1000);
}
