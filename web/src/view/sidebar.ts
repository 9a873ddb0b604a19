// The list of conversations, and the search over all of them.

import type { Library } from "../chat/library";
import type { Session } from "../chat/session";
import { changeSettings, settings, settingsChanged } from "../core/settings";
import type { Conversation } from "../core/types";
import { h, icon } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { translate } from "../i18n/translate";
import { grouped } from "./dates";
import { byId, narrow } from "./page";

interface Entry {
  conversation: Conversation;
  snippet?: string;
}

/** Entries that are built at once; more when the end of these comes near. */
const PAGE = 100;

export class Sidebar {
  #shown = PAGE;
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
    session.answerStarted.on((answer) => {
      this.refresh();
      answer.ended.on(() => this.refresh());
    });
    settingsChanged.on(() => this.#apply());
    this.#apply();
    const end = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      if (this.#list.querySelectorAll("li").length < this.#shown) return; // all there are
      this.#shown += PAGE;
      this.refresh();
      // Asked anew: who is at the end again at once would be no change.
      end.unobserve(byId("list-end"));
      end.observe(byId("list-end"));
    });
    end.observe(byId("list-end"));
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
    byId("open-sidebar").addEventListener("click", () => this.toggle(true));
    byId("close-sidebar").addEventListener("click", () => this.toggle(false));
    byId("veil").addEventListener("click", () => this.show(false));
    byId("sidebar").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && narrow.matches) this.show(false);
    });
    narrow.addEventListener("change", () => this.show(false));
  }

  /** Opens or closes the list: on narrow screens a drawer, on wide ones for good. */
  toggle(open: boolean): void {
    if (narrow.matches) this.show(open);
    else {
      changeSettings({ listClosed: !open || undefined });
      byId(open ? "close-sidebar" : "open-sidebar").focus();
    }
  }

  toggleIt(): void {
    const open = narrow.matches ? document.body.classList.contains("drawer") : !settings().listClosed;
    this.toggle(!open);
  }

  /** Opens or closes the drawer; wide screens are as they are set. */
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
    this.toggle(true);
    this.#search.focus();
    this.#search.select();
  }

  #apply(): void {
    const closed = settings().listClosed;
    document.documentElement.toggleAttribute("data-list-closed", Boolean(closed));
    byId("open-sidebar").ariaExpanded = String(!narrow.matches && !closed);
  }

  refresh(): void {
    const groups = this.#found
      ? [{ name: "", entries: this.#found.slice(0, this.#shown) }]
      : grouped(this.library.list().slice(0, this.#shown)).map(({ name, conversations }) => ({
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

  #item({ conversation: { id, title, pinned, unread }, snippet }: Entry): HTMLElement {
    const current = id === this.session.conversation.id;
    const name = title || translate("untitled");
    const mark = current ? undefined : this.session.isAnswered(id) ? "answering" : unread && "newAnswer";
    return h(
      "li",
      { class: current ? "current" : undefined },
      h(
        "a",
        { href: `#${id}`, "aria-current": current ? "page" : undefined, dir: "auto", title: name },
        h("span", {}, name),
        mark &&
          h("i", { class: mark, title: translate(mark) }, h("span", { class: "unseen" }, translate(mark))),
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
    if (button) void this.#openMenu(button);
    else if (target.closest("a")) this.show(false);
  }

  async #openMenu(button: HTMLElement): Promise<void> {
    const { openConversationMenu } = await import("./conversation-menu");
    openConversationMenu(button, this.library, this.session);
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
