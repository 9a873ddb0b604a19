// What can be done to a conversation in the list: rename, pin, export, delete with undo. Loaded when first asked for.

import { type Library, UNDO_MS } from "../chat/library";
import type { Session } from "../chat/session";
import type { Conversation } from "../core/types";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { isComposing } from "./enter";
import { openMenu } from "./menu";
import { toast } from "./toast";

export function openConversationMenu(button: HTMLElement, library: Library, session: Session): void {
  const conversation = library.get(button.dataset.id ?? "");
  if (!conversation) return;
  const { id, pinned } = conversation;
  const change = (what: Partial<Conversation>) => library.change(id, (c) => Object.assign(c, what));
  const saveAs = async (format: "json" | "markdown") =>
    (await import("../chat/transfer")).exportConversations(library, format, id);
  openMenu(button, [
    { label: translate("rename"), run: () => rename(button, library, id) },
    { label: translate(pinned ? "unpin" : "pin"), run: () => void change({ pinned: !pinned }) },
    { label: translate("exportJson"), run: () => void saveAs("json") },
    { label: translate("exportMarkdown"), run: () => void saveAs("markdown") },
    { label: translate("delete"), danger: true, apart: true, run: () => remove(library, session, id) },
  ]);
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

function remove(library: Library, session: Session, id: string): void {
  const title = library.get(id)?.title || translate("untitled");
  void library.delete(id);
  offerUndo(translate("deleted", { title }), library, session, [id], () => library.undelete(id));
}

/** All there are, with as long to undo it. */
export async function removeAll(library: Library, session: Session): Promise<void> {
  const ids = await library.deleteAll();
  const text = translate("deletedAll", { count: ids.length });
  offerUndo(text, library, session, ids, () => library.undeleteAll(ids));
}

function offerUndo(
  text: string,
  library: Library,
  session: Session,
  ids: string[],
  restore: () => Promise<void>,
): void {
  const { id } = session.conversation;
  const wasOpen = ids.includes(id);
  if (wasOpen) location.hash = "";
  const undo = async () => {
    await restore();
    if (wasOpen) location.hash = id;
  };
  toast(text, { label: translate("undo"), run: () => void undo() }, UNDO_MS / 1000);
  setTimeout(() => void library.purge(), UNDO_MS + 100);
}
