// view/: what is on screen and what a click or a key does. Each file is one part of index.html: thread.ts and message.ts
// the conversation, composer.ts the box, sidebar.ts the list. Everybody else's signals end here; nothing imports view/ but
// main.ts.
//
// The messages on screen: the newest at once, the older ones while nobody waits.

import { fit } from "../chat/request";
import type { Session } from "../chat/session";
import { versions } from "../chat/tree";
import type { Message } from "../core/types";
import { translate } from "../i18n/translate";
import { loadMarkdown, markdownOf } from "../render/lazy";
import { noteText } from "./failure-text";
import { MessageView } from "./message";
import { act } from "./message-actions";
import { announce, byId } from "./page";
import type { Scroll } from "./scroll";

/** Messages that are there at once when a conversation opens. */
const FIRST = 12;
/** Milliseconds of building older messages without a pause. */
const SLICE_MS = 8;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 16));

export class Thread {
  #root = byId("thread");
  #views = new Map<string, MessageView>();
  /** Messages at the beginning that have no view yet. */
  #unbuilt = 0;
  #opening = 0;

  constructor(
    private readonly session: Session,
    private readonly scroll: Scroll,
  ) {
    session.opened.on(() => void this.#open());
    session.changed.on(() => this.refresh());
    session.answerStarted.on((answer) => {
      this.scroll.toEnd();
      announce(translate("answerStarted"));
      answer.ended.on(() => {
        if (session.conversation.id !== answer.message.conversation) return;
        announce(noteText(answer.message, false) || translate("answerEnded"));
      });
    });
    this.#root.addEventListener("click", (event) => this.#click(event));
  }

  /** Brings what is on screen in line with the session. */
  refresh(): void {
    const path = this.session.path();
    const groups = versions(this.session.messages);
    const shown = path.slice(Math.min(this.#unbuilt, path.length));
    const wanted = new Set(shown.map(({ id }) => id));
    for (const [id, view] of this.#views) if (!wanted.has(id)) this.#drop(id, view);
    shown.forEach((message, index) => {
      const view = this.#view(message, groups);
      const present = this.#root.children[index];
      if (present !== view.element) this.#root.insertBefore(view.element, present ?? null);
    });
    byId("empty").hidden = path.length > 0;
    void this.#showLength(path);
  }

  /** Says what of a long conversation is not sent any more. */
  async #showLength(path: Message[]): Promise<void> {
    const { conversation, config } = this.session;
    const fitting = fit(path, conversation, config);
    if (!fitting.leftOut && !fitting.summarised && !this.#root.querySelector(".line")) return;
    const { showLines } = await import("./length");
    if (conversation.id !== this.session.conversation.id) return;
    showLines(fitting, (id) => this.#views.get(id ?? "")?.element);
  }

  /** Moves the focus to the next (1) or previous (-1) message. */
  jump(step: 1 | -1): void {
    const views = [...this.#root.children] as HTMLElement[];
    const top = this.scroll.scroller.getBoundingClientRect().top;
    const current = document.activeElement?.closest("article");
    const focused = current ? views.indexOf(current) : -1;
    const visible = views.findIndex((view) => view.getBoundingClientRect().bottom > top + 8);
    const target =
      views[focused >= 0 ? focused + step : visible + (step > 0 ? 1 : 0)] ?? views.at(step > 0 ? -1 : 0);
    if (!target) return;
    target.focus({ preventScroll: true });
    this.scroll.to(target);
  }

  async #open(): Promise<void> {
    const opening = ++this.#opening;
    // All at once or not at all: text that appears later would push what is being read.
    if (this.session.messages.size && !markdownOf) await loadMarkdown();
    if (opening !== this.#opening) return;
    for (const [id, view] of this.#views) this.#drop(id, view);
    this.#unbuilt = Math.max(0, this.session.path().length - FIRST);
    this.refresh();
    this.scroll.toEnd();
    void this.#buildOlder(opening);
  }

  async #buildOlder(opening: number): Promise<void> {
    const groups = versions(this.session.messages);
    const path = this.session.path();
    while (this.#unbuilt > 0) {
      await pause();
      if (opening !== this.#opening) return;
      const { scroller } = this.scroll;
      // Browsers keep what is on screen in place, but not at the very top.
      if (scroller.scrollTop === 0) scroller.scrollTop = 1;
      const before = scroller.scrollHeight;
      const started = performance.now();
      const batch: HTMLElement[] = [];
      while (this.#unbuilt > 0 && performance.now() - started < SLICE_MS) {
        const message = path[--this.#unbuilt];
        if (message) batch.unshift(this.#view(message, groups).element);
      }
      this.#root.prepend(...batch);
      if (!CSS.supports("overflow-anchor", "auto")) scroller.scrollTop += scroller.scrollHeight - before;
    }
    void this.#showLength(path);
  }

  #view(message: Message, groups: Map<string | null, Message[]>): MessageView {
    let view = this.#views.get(message.id);
    if (!view) {
      view = new MessageView(message);
      this.#views.set(message.id, view);
    }
    view.update(message, groups.get(message.parent) ?? [], this.session.answers.get(message.id));
    return view;
  }

  #drop(id: string, view: MessageView): void {
    view.leave();
    this.#views.delete(id);
  }

  #click(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("button");
    const view = this.#views.get(button?.closest<HTMLElement>("article")?.dataset.id ?? "");
    if (button && view) act(button, view, this.session);
  }
}
