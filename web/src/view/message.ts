// One message: its text, what can be done with it, and how it ended.

import type { Answer } from "../chat/answer";
import type { Message } from "../core/types";
import { h, icon } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { number, translate } from "../i18n/translate";
import type { Markdown } from "../render/document";
import { loadMarkdown, markdownOf } from "../render/lazy";
import { Scheduler } from "../render/scheduler";
import { noteText } from "./failure-text";

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
    const { status, content, stats, failure } = message;
    const place = versions.findIndex(({ id }) => id === message.id);
    // Of a thousand messages, a change concerns one or two.
    const state = [status, content.length, stats?.total, failure?.kind, place, versions.length].join();
    if (state === this.#state && answer === this.#answer) return;
    this.#state = state;
    const follows = answer && answer !== this.#answer;
    this.#answer = answer;
    if (message.role === "user") this.body.textContent = content;
    else if (follows) void this.#follow(answer);
    else if (!answer) void this.#showText();
    this.element.ariaBusy = answer ? "true" : null;
    this.element.classList.toggle("waiting", Boolean(answer) && !content);
    reconcile(this.#footer, this.#parts(versions));
  }

  /** The view goes away; its answer may go on. */
  leave(): void {
    this.#answer = undefined;
    this.#finish?.();
    this.element.remove();
  }

  toggleStats(): void {
    this.#statsShown = !this.#statsShown;
    this.#footer.querySelector(".stats")?.toggleAttribute("hidden", !this.#statsShown);
    this.#footer
      .querySelector("[data-action=stats]")
      ?.setAttribute("aria-expanded", String(this.#statsShown));
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
    this.#finish = () => {
      stop();
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

  #parts(versions: Message[]): HTMLElement[] {
    const parts: HTMLElement[] = [];
    const note = noteText(this.message, Boolean(this.#answer));
    if (note) parts.push(this.#note(note));
    parts.push(h("div", { class: "actions" }, ...this.#actions(versions)));
    if (this.message.stats) parts.push(this.#stats());
    return parts;
  }

  #note(text: string): HTMLElement {
    const { status, truncated, content } = this.message;
    const act = (action: string, label: string) =>
      h("button", { type: "button", class: "act", "data-action": action }, label);
    const resumable = content && (status !== "complete" || truncated);
    return h(
      "div",
      { class: `note ${status}` },
      h("p", {}, text),
      resumable && status !== "streaming" && act("resume", translate("resume")),
      (status === "failed" || status === "interrupted") && act("retry", translate("retry")),
    );
  }

  #actions(versions: Message[]): (HTMLElement | false)[] {
    const { role, content, stats } = this.message;
    const index = versions.findIndex(({ id }) => id === this.message.id);
    const settled = !this.#answer;
    return [
      versions.length > 1 &&
        settled &&
        version("previous", "left", translate("previousVersion"), index === 0),
      versions.length > 1 && settled && h("span", { class: "version" }, `${index + 1}/${versions.length}`),
      versions.length > 1 &&
        settled &&
        version("next", "right", translate("nextVersion"), index === versions.length - 1),
      settled && Boolean(content) && action("copy", "copy", translate("copyMessage")),
      settled && role === "user" && action("edit", "edit", translate("edit")),
      settled && role === "assistant" && action("regenerate", "again", translate("regenerate")),
      settled &&
        Boolean(stats) &&
        action("stats", "info", translate("statistics"), { "aria-expanded": this.#statsShown }),
    ];
  }

  #stats(): HTMLElement {
    const { stats, model = translate("defaultModel") } = this.message;
    const { firstToken = 0, total = 0, tokens = 0 } = stats ?? {};
    // The first token is where the clock starts, so it does not count.
    const rate = (1000 * (tokens - 1)) / (total - firstToken);
    const text = translate("stats", {
      first: number(firstToken / 1000, { maximumFractionDigits: 2 }),
      tokens: number(tokens),
      rate: rate > 0 && Number.isFinite(rate) ? number(rate, { maximumFractionDigits: 1 }) : "–",
      model,
    });
    return h("p", { class: "stats", hidden: !this.#statsShown }, text);
  }
}

function action(name: string, symbol: string, label: string, more = {}): HTMLElement {
  const attributes = {
    type: "button",
    class: "icon",
    "data-action": name,
    "aria-label": label,
    title: label,
  };
  return h("button", { ...attributes, ...more }, icon(symbol));
}

const version = (name: string, symbol: string, label: string, disabled: boolean): HTMLElement =>
  action(name, symbol, label, { disabled });
