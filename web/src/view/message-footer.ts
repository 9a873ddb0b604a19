// Below a message: how it ended, what can be done with it, when it was written and how fast.

import type { Message } from "../core/types";
import { h, icon } from "../dom/element";
import { moment, number, translate } from "../i18n/translate";
import { note } from "./note";

/** `live`: this tab is writing the answer. `versions` are the message and its siblings. */
export function footer(
  message: Message,
  versions: Message[],
  live: boolean,
  statsShown: boolean,
): HTMLElement[] {
  const parts: HTMLElement[] = [];
  const told = note(message, live);
  if (told) parts.push(told);
  const buttons = live ? [] : actions(message, versions, statsShown);
  parts.push(h("div", { class: "actions" }, ...buttons));
  if (message.stats) parts.push(statistics(message, statsShown));
  return parts;
}

function actions(message: Message, versions: Message[], statsShown: boolean): (HTMLElement | false)[] {
  const { id, role, content, stats, created, files } = message;
  const index = versions.findIndex((other) => other.id === id);
  return [
    versions.length > 1 && version("previous", "left", translate("previousVersion"), index === 0),
    versions.length > 1 && h("span", { class: "version" }, `${index + 1}/${versions.length}`),
    versions.length > 1 && version("next", "right", translate("nextVersion"), index === versions.length - 1),
    Boolean(content || files) && action("copy", "copy", translate("copyMessage")),
    role === "user" && action("edit", "edit", translate("edit")),
    role === "assistant" && action("regenerate", "again", translate("regenerate")),
    role === "assistant" &&
      action("regenerate-with", "chevron", translate("regenerateWith"), { "aria-haspopup": "menu" }),
    Boolean(stats) && action("stats", "info", translate("statistics"), { "aria-expanded": statsShown }),
    h("time", { datetime: new Date(created).toISOString(), title: moment(created, true) }, moment(created)),
  ];
}

function statistics(message: Message, shown: boolean): HTMLElement {
  const { stats, model = translate("defaultModel") } = message;
  const { firstToken = 0, total = 0, tokens = 0 } = stats ?? {};
  // The first token is where the clock starts, so it does not count.
  const rate = (1000 * (tokens - 1)) / (total - firstToken);
  const text = translate("stats", {
    first: number(firstToken / 1000, { maximumFractionDigits: 2 }),
    tokens: number(tokens),
    rate: rate > 0 && Number.isFinite(rate) ? number(rate, { maximumFractionDigits: 1 }) : "–",
    model,
  });
  return h("p", { class: "stats", hidden: !shown }, text);
}

function action(name: string, symbol: string, label: string, more = {}): HTMLElement {
  const attributes = {
    type: "button",
    class: "icon",
    "data-action": name,
    "aria-label": label,
    title: label,
  };
  return h("button", { ...attributes, ...more }, icon(symbol));
}

const version = (name: string, symbol: string, label: string, disabled: boolean): HTMLElement =>
  action(name, symbol, label, { disabled });
