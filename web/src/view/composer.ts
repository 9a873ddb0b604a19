// The message box: grows, sends, stops, counts, and keeps what was written.

import type { SignIn } from "../access/sign-in";
import { inputChars } from "../chat/request";
import type { Session } from "../chat/session";
import { enterSends, settingsChanged } from "../core/settings";
import { icon } from "../dom/element";
import { isMac } from "../dom/platform";
import { reconcile } from "../dom/reconcile";
import { number, translate } from "../i18n/translate";
import { Drafts } from "./drafts";
import { submitsOnEnter } from "./enter";
import { byId } from "./page";

/** Share of the limit from which the count is shown. */
const COUNT_FROM = 0.8;

export class Composer {
  readonly box = byId<HTMLTextAreaElement>("box");
  #form = byId<HTMLFormElement>("composer");
  #send = byId<HTMLButtonElement>("send");
  #count = byId("count");
  #drafts = new Drafts(this.box);
  #others = 0;

  constructor(
    private readonly session: Session,
    private readonly access?: SignIn,
  ) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (session.answering) session.stop();
      else this.send();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || !submitsOnEnter(event)) return;
      event.preventDefault();
      if (!session.answering) this.send();
    });
    this.box.addEventListener("input", () => this.changed());
    session.opened.on(() => {
      this.#drafts.show(session.conversation.id, session.messages.size === 0);
      this.#recount();
    });
    session.changed.on(() => this.#recount());
    settingsChanged.on(() => this.#recount());
  }

  /** Puts text where the cursor is, as if it had been typed: undo works. */
  insert(text: string): void {
    this.box.focus();
    const { selectionStart, selectionEnd } = this.box;
    this.box.setRangeText(text, selectionStart, selectionEnd, "end");
    this.changed();
  }

  replace(text: string): void {
    this.box.value = text;
    this.box.focus();
    this.changed();
  }

  send(): void {
    const text = this.box.value.trim();
    if (!text || this.session.answering || this.#tooLong) return;
    if (this.access && !this.access.signedIn) {
      void this.access.begin(); // the text is still there when the person is back
      return;
    }
    this.box.value = "";
    this.#drafts.sent(this.session.conversation.id);
    this.session.send(text);
    this.changed();
  }

  changed(): void {
    this.#grow();
    this.#drafts.keepSoon();
    const { maxInputChars: limit } = this.session.config;
    const used = this.#used;
    const tooLong = used > limit;
    const values = { used: number(used), limit: number(limit) };
    const text = tooLong
      ? translate("tooLong", values)
      : used > limit * COUNT_FROM
        ? translate("count", values)
        : "";
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.classList.toggle("over", tooLong);
    this.#showButton();
  }

  get #used(): number {
    return this.#others + this.box.value.length;
  }

  get #tooLong(): boolean {
    return this.#used > this.session.config.maxInputChars;
  }

  #recount(): void {
    this.#others = inputChars(this.session.path(), this.session.conversation);
    const hint = byId("hint");
    hint.textContent = enterSends()
      ? translate("hintSend")
      : translate("hintNewline", { mod: isMac ? "⌘" : "Ctrl" });
    this.changed();
  }

  #showButton(): void {
    const answering = Boolean(this.session.answering);
    const label = answering ? translate("stop") : translate("send");
    if (this.#send.ariaLabel !== label) {
      this.#send.ariaLabel = this.#send.title = label;
      reconcile(this.#send, [icon(answering ? "stop" : "send")]);
    }
    this.#send.disabled = !answering && (!this.box.value.trim() || this.#tooLong);
  }

  /** Browsers without `field-sizing: content` need help. */
  #grow(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }
}
