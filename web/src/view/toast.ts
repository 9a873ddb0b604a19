// A short message at the edge of the page, with at most one thing to do about it.

import { h } from "../dom/element";
import { announce, byId } from "./page";

const SECONDS = 6;

export interface Action {
  label: string;
  run: () => void;
}

/** Shows `text` for a while; resolves true if the action was taken. */
export function toast(text: string, action?: Action, seconds = SECONDS): void {
  const element = h("div", { class: "toast" }, h("span", {}, text));
  const close = () => element.remove();
  if (action) {
    const take = () => {
      close();
      action.run();
    };
    element.append(h("button", { type: "button", onclick: take }, action.label));
  }
  byId("toasts").replaceChildren(element);
  announce(text);
  setTimeout(close, seconds * 1000);
}
