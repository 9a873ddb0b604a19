// A code block: language, copy button, and the text in groups of lines, so that a long one stays cheap to extend.

import { h, icon } from "../dom/element";
import { translate } from "../i18n/translate";

/** Lines of a group: appending lays out one group, not the whole block. */
const GROUP = 24;

function act(name: string, label: "wrapCode" | "downloadCode", more = {}): HTMLElement {
  const text = translate(label);
  const attributes = { type: "button", class: "icon", "data-action": name, "aria-label": text, title: text };
  return h("button", { ...attributes, ...more }, icon(name));
}

export function codeBlock(text: string, language: string): HTMLElement {
  const code = h("code", { "data-language": language || undefined });
  extendCode(code, text);
  return h(
    "figure",
    { class: "code", dir: "ltr" },
    h(
      "figcaption",
      {},
      h("span", {}, language),
      act("wrap", "wrapCode", { "aria-pressed": false }),
      act("download", "downloadCode"),
      h(
        "button",
        { type: "button", class: "copy-code", "aria-label": translate("copyCode") },
        icon("copy"),
        translate("copy"),
      ),
    ),
    h(
      "pre",
      { tabindex: 0, "aria-label": language ? `${translate("code")}: ${language}` : translate("code") },
      code,
    ),
  );
}

/** Splits into groups that each end with a line break, but for the last. */
export function* groups(text: string): Generator<string> {
  let from = 0;
  for (let at = 0, lines = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    at = end + 1;
    if (++lines % GROUP) continue;
    yield text.slice(from, at);
    from = at;
  }
  if (from < text.length) yield text.slice(from);
}

/** Appends to a block that is still plain text; the result is what `codeBlock` makes of the whole text. */
export function extendCode(code: HTMLElement, text: string): void {
  const last = code.lastElementChild;
  const open = last?.textContent ?? "";
  const complete = open.endsWith("\n") && open.split("\n").length > GROUP;
  let reuse = last && !complete ? last : undefined;
  for (const group of groups(reuse ? open + text : text)) {
    if (reuse) reuse.textContent = group;
    else code.append(h("span", { class: "lines" }, group));
    reuse = undefined;
  }
}
