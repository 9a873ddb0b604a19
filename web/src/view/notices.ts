// Standing notices above the conversation: offline, storage in trouble, a demonstration model.

import type { Library } from "../chat/library";
import { type Config, isLoopback } from "../core/config";
import { h, icon } from "../dom/element";
import { type Key, translate } from "../i18n/translate";
import { byId } from "./page";

type Notice = "offline" | "demo" | "notStored" | "storeFull" | "storeFailed";

const shown = new Map<Notice, HTMLElement>();

function show(notice: Notice, lasting = false): void {
  if (shown.has(notice)) return;
  const element = h(
    "div",
    { class: "notice", role: "status" },
    h("p", { "data-text": notice }, translate(notice satisfies Key)),
  );
  if (!lasting) {
    const dismiss = {
      type: "button",
      class: "icon",
      "aria-label": translate("dismiss"),
      "data-label": "dismiss",
    };
    element.append(h("button", { ...dismiss, onclick: () => hide(notice) }, icon("close")));
  }
  shown.set(notice, element);
  byId("notices").append(element);
}

function hide(notice: Notice): void {
  shown.get(notice)?.remove();
  shown.delete(notice);
}

/** `stored`: this browser is expected to keep conversations. */
export function startNotices(config: Config, library: Library, stored: boolean): void {
  const connection = () => (navigator.onLine ? hide("offline") : show("offline", true));
  addEventListener("online", connection);
  addEventListener("offline", connection);
  connection();
  if (config.demo) show("demo");
  // On somebody's own machine everybody is nobody else.
  const { type } = config.signIn;
  const line = byId("who-may");
  line.hidden = type === "oidc" || config.demo || isLoopback(location.hostname);
  line.dataset.text = (type === "keys" ? "keysOnly" : "openToAll") satisfies Key;
  line.textContent = translate(line.dataset.text as Key);
  if (stored && !library.store.persistent) show("notStored");
  library.trouble.on((what) => show(what === "full" ? "storeFull" : "storeFailed"));
}
