// Editing a sent message in its place.

import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { isComposing, submitsOnEnter } from "./enter";
import type { MessageView } from "./message";

/** Swaps the message's text for a form until it is sent again or cancelled. */
export function editMessage({ element, body, message }: MessageView, resend: (text: string) => void): void {
  if (element.querySelector("form")) return;
  const box = h("textarea", { "aria-label": translate("edit"), dir: "auto" });
  box.value = message.content;
  const close = () => {
    form.remove();
    body.hidden = false;
    element.classList.remove("editing");
    element.querySelector<HTMLElement>("[data-action=edit]")?.focus();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text && !message.files?.length) return;
    close();
    resend(text);
  };
  const keydown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !isComposing(event)) {
      event.stopPropagation();
      close();
    } else if (submitsOnEnter(event)) submit(event);
  };
  const form = h(
    "form",
    { class: "edit", onsubmit: submit },
    box,
    h("button", { type: "button", class: "quiet", onclick: close }, translate("cancel")),
    h("button", { type: "submit", class: "act primary" }, translate("resend")),
  );
  box.addEventListener("keydown", keydown);
  body.hidden = true;
  element.classList.add("editing");
  body.after(form);
  box.focus();
}
