// What the buttons of a message do.

import { wholeText } from "../chat/attachments";
import type { Session } from "../chat/session";
import { versions } from "../chat/tree";
import { h, icon } from "../dom/element";
import { translate } from "../i18n/translate";
import type { MessageView } from "./message";
import { announce } from "./page";
import { toast } from "./toast";

export function act(button: HTMLElement, view: MessageView, session: Session): void {
  const { message } = view;
  if (button.matches(".copy-code")) {
    void copy(button, button.closest("figure")?.querySelector("code")?.textContent ?? "");
    return;
  }
  switch (button.dataset.action) {
    case "copy":
      void copy(button, wholeText(message), message.role === "assistant" ? view.body : undefined);
      break;
    case "wrap":
      button.setAttribute("aria-pressed", String(button.closest("figure")?.classList.toggle("wrapped")));
      break;
    case "download":
      void import("./download-code").then(({ downloadCode }) => downloadCode(button));
      break;
    case "copy-reasoning":
      void copy(button, message.reasoning ?? "");
      break;
    case "edit":
      void edit(view, session);
      break;
    case "fold":
      view.toggleFold();
      break;
    case "regenerate-with":
      void import("./model-menu").then(({ answerWith }) => answerWith(button, message, session));
      break;
    case "leave-out":
    case "summarise":
    case "restart":
    case "send-all":
      void import("./length").then(({ shorten }) => shorten(button, message, session));
      break;
    case "regenerate":
      session.regenerate(message);
      break;
    case "resume":
      session.resume(message);
      break;
    case "retry":
      session.retry(message);
      break;
    case "stats":
      view.toggleStats();
      break;
    case "previous":
    case "next":
      step(view, session, button.dataset.action === "next" ? 1 : -1);
      break;
  }
}

function step({ message }: MessageView, session: Session, by: number): void {
  const siblings = versions(session.messages).get(message.parent) ?? [];
  const version = siblings[siblings.indexOf(message) + by];
  if (!version) return;
  session.choose(version);
  // The button that was pressed is gone with its message: keep the keyboard where it was.
  const article = document.querySelector<HTMLElement>(`article[data-id="${version.id}"]`);
  const name = by > 0 ? "next" : "previous";
  const next = article?.querySelector<HTMLButtonElement>(`[data-action=${name}]:not([disabled])`);
  (next ?? article)?.focus({ preventScroll: true });
}

async function edit(view: MessageView, session: Session): Promise<void> {
  const { editMessage } = await import("./edit");
  editMessage(view, (text) => session.edit(view.message, text));
}

/** Copies `text`, and for programs that want it formatted what is shown in `shown`. */
async function copy(button: HTMLElement, text: string, shown?: HTMLElement): Promise<void> {
  try {
    if (shown && "ClipboardItem" in window) {
      const { richText } = await import("./rich-text");
      await navigator.clipboard.write([
        new ClipboardItem({
          "text/plain": new Blob([text], { type: "text/plain" }),
          "text/html": new Blob([richText(shown)], { type: "text/html" }),
        }),
      ]);
    } else await navigator.clipboard.writeText(text);
  } catch {
    toast(translate("copyFailed"));
    return;
  }
  announce(translate("copied"));
  const before = [...button.childNodes];
  const label = button.matches(".copy-code") ? translate("copied") : "";
  button.replaceChildren(icon("check"), ...(label ? [h("span", {}, label)] : []));
  setTimeout(() => button.replaceChildren(...before), 1500);
}

/** Copies the newest answer. */
export async function copyLast(session: Session): Promise<void> {
  const text = session.path().findLast(({ role }) => role === "assistant")?.content;
  if (!text) return;
  await navigator.clipboard.writeText(text).then(
    () => toast(translate("copied")),
    () => toast(translate("copyFailed")),
  );
}
