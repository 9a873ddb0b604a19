// The tokens of running text to DOM: emphasis, links, code, formulas, breaks. HTML stays visible text, but for breaks,
// <sub> and <sup>.

import { h } from "../dom/element";
import { footnoteReference } from "./footnote";
import { INLINE_BRACKETS, INLINE_CHARS, INLINE_DEPTH, INLINE_MARKS } from "./limits";
import { mathNode } from "./math";
import { anticipated } from "./syntax/anticipate";
import { type Env, parseInline, type Token } from "./syntax/parser";
import { safeUrl } from "./url";

type Child = Node | string;

/** `last`: the end of what has come, which still grows. */
export function inline(source: string, env: Env, last = false): Child[] {
  if (isTooMuch(source)) return [source];
  return new Inline(last ? anticipated(source, env) : parseInline(source, env)).all();
}

function isTooMuch(source: string): boolean {
  if (source.length > INLINE_CHARS) return true;
  const marks = source.match(/[*_~`$<&\\[\]]/g) ?? [];
  return marks.length > INLINE_MARKS || marks.filter((mark) => mark === "[").length > INLINE_BRACKETS;
}

class Inline {
  #at = 0;
  #depth = 0;
  #inLink = false;

  constructor(private readonly tokens: Token[]) {}

  all(end = this.tokens.length): Child[] {
    const children: Child[] = [];
    while (this.#at < end) {
      const token = this.tokens[this.#at++]!;
      if (token.type.endsWith("_close")) break;
      for (const child of this.#node(token)) {
        const before = children.length - 1;
        if (typeof child === "string" && typeof children[before] === "string") children[before] += child;
        else children.push(child);
      }
    }
    return children;
  }

  #node(token: Token): Child[] {
    switch (token.type) {
      case "strong_open":
      case "em_open":
      case "s_open":
        return this.#within(token.tag as "em");
      case "link_open":
        return this.#link(token);
      case "code_inline":
        return [h("code", {}, token.content)];
      case "math_inline":
      case "math_display":
        return [
          mathNode(token.content, token.type === "math_display" ? "wide" : "inline", Boolean(token.meta)),
        ];
      case "footnote_ref":
        return [footnoteReference(String(token.meta?.label))];
      case "image":
        return this.#image(token);
      case "html_inline":
        return this.#html(token);
      case "softbreak":
        return ["\n"];
      case "hardbreak":
        return [h("br"), "\n"];
      default:
        return [token.content];
    }
  }

  /** An element with what is up to its closing token; too deep inside others, that alone. */
  #within(tag: "em" | "sub", end?: number): Child[] {
    this.#depth++;
    const children = this.all(end);
    this.#depth--;
    return this.#depth < INLINE_DEPTH ? [h(tag, {}, ...children)] : children;
  }

  #link(token: Token): Child[] {
    const url = safeUrl(String(token.attrGet("href")));
    const outer = this.#inLink;
    this.#inLink ||= Boolean(url);
    const children = this.all();
    this.#inLink = outer;
    return url && !outer ? [anchor(url, children)] : children;
  }

  /** Never loaded: an image address is a way to send what the conversation holds to somebody else's server. */
  #image(token: Token): Child[] {
    const url = safeUrl(String(token.attrGet("src")));
    const words = textOf(token.children ?? []);
    return url && !this.#inLink ? [anchor(url, [words || url])] : [words];
  }

  #html({ content, level }: Token): Child[] {
    if (/^<br\s*\/?>$/i.test(content)) return [h("br")];
    const tag = /^<(sub|sup)>$/i.exec(content)?.[1]?.toLowerCase();
    if (!tag) return [content];
    const closing = `</${tag}>`;
    const end = this.tokens.findIndex(
      (other, index) =>
        index >= this.#at &&
        other.level <= level &&
        (other.level < level || other.content.toLowerCase() === closing),
    );
    if (end < 0 || this.tokens[end]?.type !== "html_inline") return [content];
    const children = this.#within(tag as "sub", end);
    this.#at = end + 1;
    return children;
  }
}

/** What a screen reader, or a link instead of an image, says. */
const textOf = (tokens: Token[]): string =>
  tokens
    .map(({ type, content, children }) =>
      type === "softbreak" || type === "hardbreak" ? "\n" : children?.length ? textOf(children) : content,
    )
    .join("");

/** The address shows on hover, since the text may say anything. */
const anchor = (url: string, children: Child[]): HTMLAnchorElement =>
  h("a", { href: url, title: url, rel: "noopener noreferrer", target: "_blank" }, ...children);
