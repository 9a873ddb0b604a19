// What can be done to a conversation in the list: rename, pin, export, delete with undo.

import { type Library, UNDO_MS } from "../chat/library";
import type { Session } from "../chat/session";
import type { Conversation } from "../core/types";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { isComposing } from "./enter";
import { toast } from "./toast";

export function openMenu(button: HTMLElement, library: Library, session: Session): void {
  const conversation = library.get(button.dataset.id ?? "");
  if (!conversation) return;
  const { id, pinned } = conversation;
  const entry = (label: string, run: () => void) => {
    const click = () => {
      menu.hidePopover();
      run();
    };
    return h("button", { type: "button", role: "menuitem", onclick: click }, label);
  };
  const change = (what: Partial<Conversation>) => library.change(id, (c) => Object.assign(c, what));
  const saveAs = async (format: "json" | "markdown") =>
    (await import("../chat/transfer")).exportConversations(library, format, id);
  const menu = h(
    "div",
    { popover: "auto", class: "menu", role: "menu" },
    entry(translate("rename"), () => rename(button, library, id)),
    entry(translate(pinned ? "unpin" : "pin"), () => void change({ pinned: !pinned })),
    entry(translate("exportJson"), () => void saveAs("json")),
    entry(translate("exportMarkdown"), () => void saveAs("markdown")),
    entry(translate("delete"), () => remove(library, session, id)),
  );
  menu.addEventListener("keydown", moveWithArrows);
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  const { bottom, right } = button.getBoundingClientRect();
  menu.style.top = `${Math.min(bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
  menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
  menu.querySelector("button")?.focus();
}

function moveWithArrows(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as Element).querySelectorAll("button")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

function rename(button: HTMLElement, library: Library, id: string): void {
  const item = button.closest("li");
  const link = item?.querySelector("a");
  if (!item || !link) return;
  const box = h("input", { type: "text", class: "rename", "aria-label": translate("rename"), dir: "auto" });
  box.value = library.get(id)?.title ?? "";
  let open = true;
  const close = (keep: boolean) => {
    if (!open) return;
    open = false;
    const title = box.value.trim();
    box.replaceWith(link);
    if (keep && title) void library.change(id, (conversation) => Object.assign(conversation, { title }));
  };
  box.addEventListener("blur", () => close(true));
  box.addEventListener("keydown", (event) => {
    if (isComposing(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    close(event.key === "Enter");
    button.focus();
  });
  link.replaceWith(box);
  box.focus();
  box.select();
}

export function remove(library: Library, session: Session, id: string): void {
  const title = library.get(id)?.title || translate("untitled");
  void library.delete(id);
  const wasOpen = session.conversation.id === id;
  if (wasOpen) location.hash = "";
  const undo = async () => {
    await library.undelete(id);
    if (wasOpen) location.hash = id;
  };
  toast(
    translate("deleted", { title }),
    { label: translate("undo"), run: () => void undo() },
    UNDO_MS / 1000,
  );
  setTimeout(() => void library.purge(), UNDO_MS + 100);
}
