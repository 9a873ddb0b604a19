// The list of conversations, and the search over all of them.

import type { Library } from "../chat/library";
import type { Session } from "../chat/session";
import type { Conversation } from "../core/types";
import { h, icon } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { translate } from "../i18n/translate";
import { openMenu } from "./conversation-menu";
import { grouped } from "./dates";
import { byId, narrow } from "./page";

interface Entry {
  conversation: Conversation;
  snippet?: string;
}

export class Sidebar {
  #list = byId("list");
  #search = byId<HTMLInputElement>("search");
  #found: Entry[] | undefined;
  #timer = 0;

  constructor(
    private readonly library: Library,
    private readonly session: Session,
  ) {
    library.changed.on(() => this.refresh());
    session.opened.on(() => this.refresh());
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#find(), 150);
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#search.value) return;
      event.stopPropagation();
      this.#search.value = "";
      void this.#find();
    });
    byId("open-sidebar").addEventListener("click", () => this.show(true));
    byId("close-sidebar").addEventListener("click", () => this.show(false));
    byId("veil").addEventListener("click", () => this.show(false));
    byId("sidebar").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && narrow.matches) this.show(false);
    });
    narrow.addEventListener("change", () => this.show(false));
  }

  /** Opens or closes the drawer; wide screens always show the list. */
  show(open: boolean): void {
    const was = document.body.classList.contains("drawer");
    const shown = open && narrow.matches;
    document.body.classList.toggle("drawer", shown);
    byId("stage").inert = shown;
    byId("open-sidebar").ariaExpanded = String(shown);
    if (shown) byId("close-sidebar").focus();
    else if (was) byId("open-sidebar").focus();
  }

  focusSearch(): void {
    this.show(true);
    this.#search.focus();
    this.#search.select();
  }

  refresh(): void {
    const groups = this.#found
      ? [{ name: "", entries: this.#found }]
      : grouped(this.library.list()).map(({ name, conversations }) => ({
          name,
          entries: conversations.map((conversation) => ({ conversation })),
        }));
    const parts = groups
      .filter(({ entries }) => entries.length)
      .flatMap(({ name, entries }) => [
        ...(name ? [h("h2", {}, name)] : []),
        h("ul", {}, ...entries.map((entry) => this.#item(entry))),
      ]);
    const nothing = h("p", { class: "nothing" }, translate(this.#found ? "noneFound" : "noneYet"));
    reconcile(this.#list, parts.length ? parts : [nothing]);
  }

  #item({ conversation: { id, title, pinned }, snippet }: Entry): HTMLElement {
    const current = id === this.session.conversation.id;
    const name = title || translate("untitled");
    return h(
      "li",
      { class: current ? "current" : undefined },
      h(
        "a",
        { href: `#${id}`, "aria-current": current ? "page" : undefined, dir: "auto", title: name },
        h("span", {}, name),
        snippet ? h("small", {}, snippet) : null,
      ),
      pinned && icon("pin"),
      h(
        "button",
        {
          type: "button",
          class: "icon",
          "data-id": id,
          "aria-haspopup": "menu",
          "aria-label": `${translate("more")}: ${name}`,
        },
        icon("more"),
      ),
    );
  }

  #click(event: Event): void {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("button[data-id]");
    if (button) openMenu(button, this.library, this.session);
    else if (target.closest("a")) this.show(false);
  }

  async #find(): Promise<void> {
    const query = this.#search.value.trim();
    const { search } = query ? await import("../chat/search") : { search: undefined };
    const found = await search?.(this.library, query);
    if (query !== this.#search.value.trim()) return;
    this.#found = found;
    this.refresh();
  }
}
