// One message: its text, what can be done with it, and how it ended.

import type { Answer } from "../chat/answer";
import type { Message } from "../core/types";
import { h } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { translate } from "../i18n/translate";
import type { Markdown } from "../render/document";
import { loadMarkdown, markdownOf } from "../render/lazy";
import { Scheduler } from "../render/scheduler";
import { fileLabel } from "./file-chip";
import { footer } from "./message-footer";
import type { ReasoningView } from "./reasoning";

/** A longer question is folded. */
const LONG = { characters: 1200, lines: 16 };

export class MessageView {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  #footer: HTMLElement;
  #state = "";
  #shown = "";
  /** Settles the answer that was growing. */
  #finish: (() => void) | undefined;
  #answer: Answer | undefined;
  #statsShown = false;
  #reasoning: ReasoningView | undefined;

  constructor(public message: Message) {
    const assistant = message.role === "assistant";
    this.body = h("div", { class: "body", dir: assistant ? undefined : "auto" });
    this.#footer = h("div", { class: "footer" });
    this.element = h(
      "article",
      {
        class: `message ${message.role}`,
        "aria-label": translate(assistant ? "assistant" : "you"),
        tabindex: -1,
        "data-id": message.id,
      },
      this.body,
      this.#footer,
    );
  }

  /** Brings the view in line with the message. `versions` are its siblings, `answer` is writing it now. */
  update(message: Message, versions: Message[], answer: Answer | undefined): void {
    this.message = message;
    const { status, content, stats, failure, thought, reasoning } = message;
    const place = versions.findIndex(({ id }) => id === message.id);
    // Of a thousand messages, a change concerns one or two.
    const length = content.length + (reasoning?.length ?? 0);
    const state = [
      status,
      length,
      stats?.total,
      failure?.kind,
      failure?.at,
      thought,
      place,
      versions.length,
    ].join();
    if (state === this.#state && answer === this.#answer) return;
    this.#state = state;
    const follows = answer && answer !== this.#answer;
    this.#answer = answer;
    if (message.role === "user") this.#showQuestion();
    else if (follows) void this.#follow(answer);
    else if (!answer) void this.#showText();
    if (reasoning) void this.#showReasoning();
    this.element.ariaBusy = answer ? "true" : null;
    this.element.classList.toggle("waiting", Boolean(answer) && !content && !reasoning);
    reconcile(this.#footer, footer(message, versions, Boolean(answer), this.#statsShown));
  }

  /** The view goes away; its answer may go on. */
  leave(): void {
    this.#answer = undefined;
    this.#finish?.();
    this.#reasoning?.leave();
    this.element.remove();
  }

  /** Unfolds a long question, or folds it again. */
  toggleFold(): void {
    const folded = this.body.classList.toggle("folded");
    const button = this.element.querySelector("[data-action=fold]");
    button?.replaceChildren(translate(folded ? "showAll" : "showLess"));
    button?.setAttribute("aria-expanded", String(!folded));
  }

  toggleStats(): void {
    this.#statsShown = !this.#statsShown;
    this.#footer.querySelector(".stats")?.toggleAttribute("hidden", !this.#statsShown);
    this.#footer
      .querySelector("[data-action=stats]")
      ?.setAttribute("aria-expanded", String(this.#statsShown));
  }

  #showQuestion(): void {
    const { content, files = [] } = this.message;
    this.body.textContent = content;
    this.body.hidden = !content;
    for (const old of this.element.querySelectorAll(":scope > .attached, :scope > .fold")) old.remove();
    this.body.before(
      ...files.map((file) =>
        h(
          "details",
          { class: "attached" },
          h("summary", {}, fileLabel(file)),
          h("pre", { tabindex: 0 }, file.text),
        ),
      ),
    );
    const long = content.length > LONG.characters || content.split("\n").length > LONG.lines;
    this.body.classList.toggle("folded", long);
    const button = { type: "button", class: "quiet fold", "data-action": "fold", "aria-expanded": false };
    if (long) this.body.after(h("button", button, translate("showAll")));
  }

  async #showReasoning(): Promise<void> {
    const { ReasoningView } = await import("./reasoning");
    if (!markdownOf) await loadMarkdown();
    if (!this.#reasoning) {
      this.#reasoning = new ReasoningView(this.message);
      this.body.before(this.#reasoning.element);
    }
    this.#reasoning.update(this.message, this.#answer);
  }

  /** Shows an answer while it grows. */
  async #follow(answer: Answer): Promise<void> {
    if (!markdownOf) await loadMarkdown();
    if (this.#answer !== answer) return;
    const markdown = this.#fresh(answer.message.content);
    if (!markdown) return;
    const scheduler = new Scheduler(() => markdown.update());
    markdown.update();
    const stop = answer.text.on((text) => {
      this.element.classList.remove("waiting");
      markdown.push(text);
      scheduler.request();
    });
    const stopThinking = answer.reasoning.on(() => {
      this.element.classList.remove("waiting");
      if (!this.#reasoning) void this.#showReasoning();
    });
    this.#finish = () => {
      stop();
      stopThinking();
      scheduler.cancel();
      markdown.update(true);
      this.#shown = answer.message.content;
    };
  }

  async #showText(): Promise<void> {
    if (!markdownOf) await loadMarkdown();
    this.#finish?.();
    this.#finish = undefined;
    const { content } = this.message;
    if (this.#shown === content || this.#answer) return;
    this.#shown = content;
    this.#fresh(content)?.update(true);
  }

  /** An empty body with a renderer that has `content`; without a renderer, the text as it is. */
  #fresh(content: string): Markdown | undefined {
    const markdown = markdownOf?.(this.body);
    this.body.classList.toggle("plain", !markdown);
    this.body.replaceChildren(...(markdown ? [] : [content]));
    markdown?.push(content);
    return markdown;
  }
}
