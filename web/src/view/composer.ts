// The message box: grows, sends, stops, counts, and keeps what was written.

import type { SignIn } from "../access/sign-in";
import { loadCompletion } from "../chat/answer";
import { wholeText } from "../chat/attachments";
import { systemOf } from "../chat/request";
import type { Session } from "../chat/session";
import { enterSends, isTouch, settingsChanged } from "../core/settings";
import type { TextFile } from "../core/types";
import { h, icon } from "../dom/element";
import { isMac } from "../dom/platform";
import { reconcile } from "../dom/reconcile";
import { number, translate } from "../i18n/translate";
import { Drafts } from "./drafts";
import { isComposing, submitsOnEnter } from "./enter";
import { fileLabel } from "./file-chip";
import { byId } from "./page";

/** Share of the limit from which the count is shown. */
const COUNT_FROM = 0.8;

export class Composer {
  readonly box = byId<HTMLTextAreaElement>("box");
  #form = byId<HTMLFormElement>("composer");
  #send = byId<HTMLButtonElement>("send");
  #count = byId("count");
  readonly drafts: Drafts;
  #files: TextFile[] = [];
  /** The file was added after the last key: undoing means it. */
  #fileIsNewest = false;

  constructor(
    private readonly session: Session,
    private readonly access?: SignIn,
  ) {
    this.drafts = new Drafts(access && (access.person ?? null), () => ({
      text: this.box.value,
      files: this.#files,
    }));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (session.answering) session.stop();
      else this.send();
      // The button is about to change or to be disabled; on touch screens the keyboard would come up.
      if (!isTouch()) this.box.focus();
    });
    this.box.addEventListener("keydown", (event) => this.#keydown(event));
    this.box.addEventListener("input", () => loadCompletion().catch(() => undefined), { once: true });
    this.box.addEventListener("input", () => {
      this.#fileIsNewest = false;
      this.changed();
    });
    session.opened.on(() => {
      const { text, files } = this.drafts.show(session.conversation.id, session.messages.size === 0);
      if (this.box.value !== text) this.box.value = text;
      this.#setFiles(files);
      this.#recount();
    });
    session.changed.on(() => this.#recount());
    settingsChanged.on(() => this.#recount());
  }

  attach(file: TextFile): void {
    this.#setFiles([...this.#files, file]);
    this.#fileIsNewest = true;
    this.box.focus();
    this.changed();
  }

  /** Puts text in the place of what is there, as if it had been typed: undo works. */
  replace(text: string): void {
    this.box.focus();
    this.box.select();
    // Deprecated, and the only way to change a text box so that the browser can undo it.
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) this.box.value = text;
    this.changed();
  }

  /** Sends what is in the box, or `text` as it is. */
  send(text = this.box.value.trim()): void {
    const files = this.#files;
    if (!(text || files.length) || this.session.answering || this.#tooLong) return;
    if (this.access && !this.access.signedIn) {
      if (!this.box.value) this.box.value = text;
      void this.access.begin(); // the text is still there when the person is back
      return;
    }
    this.box.value = "";
    this.#setFiles([]);
    this.drafts.sent(this.session.conversation.id);
    this.session.send(text, files);
    this.changed();
  }

  changed(): void {
    this.#grow();
    this.drafts.keepSoon();
    const limit = this.#limit;
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

  /** Characters of the message. What it follows is left out or summed up where there is no room. */
  get #used(): number {
    const files = this.#files;
    return this.box.value.length + (files.length ? wholeText({ content: "", files }).length : 0);
  }

  get #limit(): number {
    const { config, conversation } = this.session;
    return Math.max(0, config.maxInputChars - systemOf(conversation).length);
  }

  get #tooLong(): boolean {
    return this.#used > this.#limit;
  }

  #keydown(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (undo && this.#fileIsNewest && !isComposing(event)) {
      event.preventDefault();
      this.#setFiles(this.#files.slice(0, -1));
      this.#fileIsNewest = this.#files.length > 0;
      this.changed();
    } else if (submitsOnEnter(event)) {
      event.preventDefault();
      if (!this.session.answering) this.send();
    }
  }

  #setFiles(files: TextFile[]): void {
    this.#files = files;
    const list = byId("files");
    list.hidden = files.length === 0;
    list.replaceChildren(
      ...files.map((file) => {
        const remove = () => {
          this.#setFiles(this.#files.filter((other) => other !== file));
          this.box.focus();
          this.changed();
        };
        const label = translate("fileRemove", { name: file.name });
        const button = { type: "button", class: "icon", "aria-label": label, title: label, onclick: remove };
        return h("li", {}, fileLabel(file), h("button", button, icon("close")));
      }),
    );
  }

  #recount(): void {
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
    this.#send.disabled = !answering && (!(this.box.value.trim() || this.#files.length) || this.#tooLong);
  }

  /** Browsers without `field-sizing: content` need help. */
  #grow(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }
}
