// Block tokens to DOM: paragraphs, headings, lists, tables, quotes, code.

import type { Token, Tokens } from "marked";
import { h } from "../dom/element";
import { codeBlock } from "./code";
import { inline } from "./inline";
import { mathNode } from "./math";

export const blocks = (tokens: Token[]): HTMLElement[] => tokens.flatMap((token) => block(token));

function block(token: Token): HTMLElement[] {
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "paragraph":
      return [h("p", { dir: "auto" }, ...inline(token.tokens))];
    case "heading":
      // Below the page's own heading, the conversation's title.
      return [h(`h${Math.min(6, token.depth + 1)}` as "h2", { dir: "auto" }, ...inline(token.tokens))];
    case "code":
      return [codeBlock(token.text, (token.lang ?? "").split(/\s/, 1)[0] ?? "")];
    case "blockquote":
      return [h("blockquote", { dir: "auto" }, ...blocks(token.tokens ?? []))];
    case "list":
      return [list(token as Tokens.List)];
    case "table":
      return [table(token as Tokens.Table)];
    case "hr":
      return [h("hr")];
    case "mathBlock":
      return [mathNode(token.text, true)];
    default: {
      const words = token.type === "text" ? inline([token]) : [token.raw.trimEnd()];
      return token.raw.trim() ? [h("p", { dir: "auto" }, ...words)] : [];
    }
  }
}

function list({ ordered, start, items }: Tokens.List): HTMLElement {
  const attributes = { dir: "auto", start: ordered && start !== "" && start !== 1 ? start : undefined };
  return h(ordered ? "ol" : "ul", attributes, ...items.map(item));
}

function item({ tokens, task }: Tokens.ListItem): HTMLElement {
  const children = tokens.flatMap((token) =>
    token.type === "text" || token.type === "checkbox" ? inline([token]) : block(token),
  );
  return h("li", { class: task ? "task" : undefined }, ...children);
}

/** Wide tables scroll by themselves, by keyboard too. */
function table({ header, rows, align }: Tokens.Table): HTMLElement {
  const cell = (tag: "th" | "td") => (token: Tokens.TableCell, column: number) =>
    h(tag, { class: align[column] ?? undefined, dir: "auto" }, ...inline(token.tokens));
  return h(
    "div",
    { class: "table", tabindex: 0 },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...header.map(cell("th")))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell("td"))))),
    ),
  );
}
