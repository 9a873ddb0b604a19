// What a model thought before it answered: a quiet block that opens on request. Loaded with the first such answer.

import type { Answer } from "../chat/answer";
import type { Message } from "../core/types";
import { h, icon } from "../dom/element";
import { duration, translate } from "../i18n/translate";
import type { Markdown } from "../render/document";
import { markdownOf } from "../render/lazy";
import { Scheduler } from "../render/scheduler";

export class ReasoningView {
  readonly element: HTMLDetailsElement;
  #label = h("span");
  #text = h("div", { class: "body" });
  /** Once it was opened. */
  #markdown: Markdown | undefined;
  #pushed = 0;
  #scheduler = new Scheduler(() => this.#markdown?.update() ?? false);
  #following: Answer | undefined;
  #stop = (): void => undefined;

  constructor(private message: Message) {
    const label = translate("copyReasoning");
    const copy = {
      type: "button",
      class: "icon",
      "data-action": "copy-reasoning",
      "aria-label": label,
      title: label,
    };
    this.element = h(
      "details",
      { class: "reasoning", ontoggle: () => this.#show() },
      h("summary", {}, this.#label, icon("chevron")),
      this.#text,
      h("button", copy, icon("copy")),
    );
  }

  /** `answer` is writing the message now. */
  update(message: Message, answer: Answer | undefined): void {
    this.message = message;
    if (answer !== this.#following) {
      this.#stop();
      this.#following = answer;
      const stops = answer && [
        answer.reasoning.on(() => this.#show()),
        // The first word of the answer ends the thinking.
        answer.text.on(() => this.#tell()),
      ];
      this.#stop = () => stops?.forEach((stop) => stop());
    }
    this.#tell();
    this.#show();
    if (!answer) {
      this.#scheduler.cancel();
      this.#markdown?.update(true);
    }
  }

  leave(): void {
    this.#stop();
    this.#scheduler.cancel();
  }

  #tell(): void {
    const { thought } = this.message;
    const thinking = this.#following && thought === undefined;
    this.element.classList.toggle("thinking", Boolean(thinking));
    const words = thinking
      ? translate("thinking")
      : thought === undefined
        ? translate("thoughts")
        : translate("thoughtFor", { time: duration(thought) });
    if (this.#label.textContent !== words) this.#label.textContent = words;
  }

  #show(): void {
    const { reasoning = "" } = this.message;
    if (!this.element.open) return;
    if (!this.#markdown) {
      this.#markdown = markdownOf?.(this.#text);
      if (!this.#markdown) {
        this.#text.textContent = reasoning;
        return;
      }
    }
    this.#markdown.push(reasoning.slice(this.#pushed));
    this.#pushed = reasoning.length;
    this.#scheduler.request();
  }
}
