// A menu at a button, moved through with the arrow keys. The browser's own popover keeps Escape and clicks outside right.

import { h, icon } from "../dom/element";

export interface Item {
  label: string;
  run: () => void;
  /** One of several, of which one is chosen. */
  chosen?: boolean;
  danger?: boolean;
  /** The first of another group. */
  apart?: boolean;
}

export function openMenu(button: HTMLElement, items: Item[]): void {
  const menu = h(
    "div",
    { popover: "auto", class: "menu", role: "menu" },
    ...items.map((item) => entry(item)),
  );
  function entry({ label, run, chosen, danger, apart }: Item): HTMLElement {
    const onclick = () => {
      menu.hidePopover();
      run();
    };
    const role = chosen === undefined ? "menuitem" : "menuitemradio";
    const classes = [danger && "danger", apart && "apart"].filter(Boolean).join(" ") || undefined;
    const attributes = { type: "button", role, class: classes, "aria-checked": chosen, onclick };
    return h("button", attributes, h("span", { dir: "auto" }, label), chosen && icon("check"));
  }
  menu.addEventListener("keydown", moveWithArrows);
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  // In the landmark that the button is in.
  (button.closest("nav, header, main") ?? document.body).append(menu);
  menu.showPopover();
  const { top, bottom, left: start, right } = button.getBoundingClientRect();
  const below = bottom + 4 + menu.offsetHeight + 8 <= innerHeight;
  menu.style.top = `${below ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px`;
  const wanted = start + menu.offsetWidth + 8 <= innerWidth ? start : right - menu.offsetWidth;
  menu.style.left = `${Math.max(8, wanted)}px`;
  (menu.querySelector<HTMLElement>("[aria-checked=true]") ?? menu.querySelector("button"))?.focus();
}

function moveWithArrows(event: KeyboardEvent): void {
  if (event.key === "Escape") event.stopPropagation(); // closes the menu, not the drawer it is in
  const items = [...(event.currentTarget as Element).querySelectorAll("button")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
