// The tokens of blocks to DOM: paragraphs, headings, lists, quotes, code, notes. Tables are in table.ts.

import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { codeBlock } from "./code";
import { details } from "./details";
import { footnoteDefinition } from "./footnote";
import { inline } from "./inline";
import { mathNode } from "./math";
import { type Env, type Token, unescapeAll } from "./syntax/parser";
import { table } from "./table";

/** `last`: the token whose text is the end of what has come and still grows; none if nothing does. */
export const blocks = (tokens: Token[], env: Env, last?: Token): HTMLElement[] =>
  new Blocks(tokens, env, last).all() as HTMLElement[];

type Child = Node | string;

/** The kinds of `> [!NOTE]`. */
const alerts = {
  note: "alertNote",
  tip: "alertTip",
  important: "alertImportant",
  warning: "alertWarning",
  caution: "alertCaution",
} as const;

export class Blocks {
  #at = 0;

  constructor(
    readonly tokens: Token[],
    readonly env: Env,
    readonly last: Token | undefined,
  ) {}

  /** Everything up to the end of the block that is open, or of all. */
  all(): Child[] {
    const children: Child[] = [];
    for (let token = this.next(); token && token.nesting >= 0; token = this.next())
      children.push(...this.#block(token));
    return children;
  }

  /** Everything up to a token that ends it, which is taken as well. */
  upTo(ends: (token: Token) => boolean): Child[] {
    const children: Child[] = [];
    for (let token = this.next(); token && token.nesting >= 0; token = this.next()) {
      if (ends(token)) return children;
      children.push(...this.#block(token));
    }
    this.#at--; // the end of something around it
    return children;
  }

  next(): Token | undefined {
    return this.tokens[this.#at++];
  }

  /** The text of the next token. */
  text(token = this.next()): Child[] {
    return token ? inline(token.content, this.env, token === this.last) : [];
  }

  #block(token: Token): Child[] {
    switch (token.type) {
      case "paragraph_open":
        return this.#paragraph(token);
      case "heading_open": {
        // Below the page's own heading, the conversation's title.
        const level = Math.min(6, Number(token.tag[1]) + 1);
        const content = this.text();
        this.next();
        return [h(`h${level}` as "h2", { dir: "auto" }, ...content)];
      }
      case "fence":
        return [codeBlock(this.#code(token), unescapeAll(token.info).trim().split(/\s/, 1)[0] ?? "")];
      case "code_block":
        return [codeBlock(this.#code(token), "")];
      case "blockquote_open":
        return [this.#quote()];
      case "bullet_list_open":
        return [h("ul", { dir: "auto" }, ...this.#items())];
      case "ordered_list_open":
        return [h("ol", { dir: "auto", start: token.attrGet("start") }, ...this.#items())];
      case "table_open":
        return [table(this, token)];
      case "hr":
        return [h("hr")];
      case "math_block":
        return [mathNode(token.content, "block", token === this.last)];
      case "footnote_reference_open":
        return [footnoteDefinition(String(token.meta?.label), this.all() as HTMLElement[])];
      case "html_block":
        return details(this, token) ?? [h("p", { dir: "auto" }, token.content.trim())];
      default:
        return token.content.trim() ? [h("p", { dir: "auto" }, token.content)] : [];
    }
  }

  #paragraph({ hidden }: Token): Child[] {
    const content = this.text();
    this.next();
    return hidden ? content : [h("p", { dir: "auto" }, ...content)];
  }

  /** Without the line break that every code block ends with, and without half a closing fence. */
  #code(token: Token): string {
    const text = token.content.replace(/\n$/, "");
    if (token !== this.last || !token.markup) return text;
    const line = text.slice(text.lastIndexOf("\n") + 1).trim();
    return line && token.markup.startsWith(line)
      ? text.slice(0, text.lastIndexOf("\n") + 1).replace(/\n$/, "")
      : text;
  }

  #quote(): HTMLElement {
    const first = this.tokens[this.#at + 1];
    const kind = /^\[!([a-z]+)\][ \t]*(?:\n|$)/i.exec(first?.type === "inline" ? first.content : "");
    const name = kind?.[1]?.toLowerCase() as keyof typeof alerts | undefined;
    if (!kind || !first || !name || !Object.hasOwn(alerts, name))
      return h("blockquote", { dir: "auto" }, ...this.all());
    first.content = first.content.slice(kind[0].length);
    const content = this.all().filter(
      (child) => typeof child === "string" || child.nodeName !== "P" || child.hasChildNodes(),
    );
    const title = h("p", { class: "alert-title" }, translate(alerts[name]));
    return h("blockquote", { class: `alert alert-${name}`, dir: "auto" }, title, ...content);
  }

  #items(): HTMLElement[] {
    const items: HTMLElement[] = [];
    for (let token = this.next(); token?.nesting === 1; token = this.next()) items.push(this.#item());
    return items;
  }

  #item(): HTMLElement {
    const first = this.tokens[this.#at + 1];
    const box = /^\[([ xX])\](?:\s+|$)/.exec(
      first?.type === "inline" && this.tokens[this.#at]?.type === "paragraph_open" ? first.content : "",
    );
    if (!box || !first || first.content.length === 3) return h("li", {}, ...separated(this.all()));
    first.content = first.content.slice(box[0].length);
    const done = box[1] !== " ";
    const label = translate(done ? "taskDone" : "taskOpen");
    const mark = h("span", { class: "box", role: "img", "aria-label": label }, done ? "☑" : "☐");
    const content = this.all();
    const [paragraph] = content as Node[];
    if (paragraph?.nodeName === "P") (paragraph as Element).prepend(mark, " ");
    else content.unshift(mark, " ");
    return h("li", { class: "task" }, ...separated(content));
  }
}

/** Text of a tight item, then a block: one string each. */
function separated(children: Child[]): Child[] {
  const result: Child[] = [];
  for (const child of children) {
    const before = result.length - 1;
    if (typeof child === "string" && typeof result[before] === "string") result[before] += child;
    else result.push(child);
  }
  return result;
}
