// A conversation that no longer fits into one request: the line that says so, and what can be done. Loaded when needed.

import type { Fit } from "../chat/request";
import type { Session } from "../chat/session";
import { leaveOut, Shortening } from "../chat/shorten";
import type { Message } from "../core/types";
import { h, icon } from "../dom/element";
import { type Key, number, translate } from "../i18n/translate";
import { ChatError } from "../wire/failure";
import { noteText } from "./failure-text";
import { toast } from "./toast";

const act = (action: string, label: Key): HTMLElement =>
  h("button", { type: "button", class: "act", "data-action": action }, translate(label));

/** Puts the lines where they belong; `articleOf` gives a message's element, if it is on screen. */
export function showLines(
  { leftOut, messages, summarised }: Fit,
  articleOf: (id: string | undefined) => HTMLElement | undefined,
): void {
  place("left-out", leftOut ? articleOf(messages[0]?.id) : undefined, () => [
    h("p", {}, translate("leftOut")),
    h("div", { class: "row" }, act("summarise", "summarise"), act("restart", "restart")),
  ]);
  place("summed-up", articleOf(summarised?.id), () => [
    h(
      "details",
      {},
      h("summary", {}, translate("summedUp"), icon("chevron")),
      h("p", { class: "summary", dir: "auto" }, summarised?.summary ?? ""),
    ),
    h("div", { class: "row" }, act("send-all", "sendAll")),
  ]);
}

/** One line of each kind is on the page: what is left out ends before a message, what is summed up with one. */
function place(kind: string, article: HTMLElement | undefined, content: () => HTMLElement[]): void {
  const present = document.querySelector(`.line.${kind}`);
  if (present && present.parentElement === article) return;
  present?.remove();
  const line = article && h("div", { class: `line ${kind}`, role: "note" }, ...content());
  if (line && kind === "left-out") article.prepend(line);
  else if (line) article.append(line);
}

let running: Shortening | undefined;

/** What the buttons of a line, or of a refusal, do. */
export async function shorten(button: HTMLElement, message: Message, session: Session): Promise<void> {
  if (button.dataset.action === "send-all") {
    delete message.summary;
    await session.library.save(message);
    session.changed.emit();
    return;
  }
  const refused = message.failure?.kind === "too_large" ? message : undefined;
  if (button.dataset.action === "leave-out") {
    if (!refused || !leaveOut(session, refused)) toast(translate("tooLongAlone"));
    return;
  }
  if (running) {
    running.stop();
    return;
  }
  const before = [...button.childNodes];
  running = new Shortening(
    session,
    (part) => {
      button.replaceChildren(`${translate("summarising", { percent: number(part, { style: "percent" }) })}`);
    },
    refused !== undefined,
  );
  try {
    const restart = button.dataset.action === "restart";
    const done = await (restart ? running.restart() : running.summarise());
    if (!done) toast(translate("tooLongAlone"));
    else if (refused && !restart) session.retry(refused);
  } catch (error) {
    if (error instanceof ChatError)
      toast(noteText({ ...message, status: "failed", truncated: false, failure: error.failure }, false));
  } finally {
    running = undefined;
    button.replaceChildren(...before);
  }
}
