// Inline tokens to DOM: emphasis, links, code, breaks. HTML stays visible text.

import type { Token, Tokens } from "marked";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { decodeEntities } from "./entities";
import { mathNode } from "./math";
import { safeUrl } from "./url";

export const inline = (tokens: Token[] = []): (Node | string)[] => tokens.flatMap((token) => node(token));

function node(token: Token): (Node | string)[] {
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens) : [decodeEntities(token.text)];
    case "escape":
      return [token.text];
    case "strong":
    case "em":
    case "del":
      return [h(token.type, {}, ...inline(token.tokens))];
    case "codespan":
      return [h("code", {}, token.text)];
    case "br":
      return [h("br")];
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? [h("br")] : [token.raw];
    case "checkbox":
      return [checkbox(token as Tokens.Checkbox)];
    case "link":
      return link(token as Tokens.Link);
    case "image":
      return image(token as Tokens.Image);
    case "mathInline":
      return [mathNode(token.text, false)];
    default:
      return [token.raw];
  }
}

/** The address shows on hover, since the text may say anything. */
const anchor = (url: string, children: (Node | string)[]): HTMLAnchorElement =>
  h("a", { href: url, title: url, rel: "noopener noreferrer", target: "_blank" }, ...children);

function link({ href, tokens, autolink }: Tokens.Link): (Node | string)[] {
  const url = safeUrl(autolink ? href : decodeEntities(href));
  return url ? [anchor(url, inline(tokens))] : inline(tokens);
}

/** Never loaded: an image address is a way to send what the conversation holds to somebody else's server. */
function image({ href, text }: Tokens.Image): (Node | string)[] {
  const url = safeUrl(decodeEntities(href));
  const words = decodeEntities(text);
  return url ? [anchor(url, [words || url])] : [words];
}

const checkbox = ({ checked }: Tokens.Checkbox): HTMLElement =>
  h("input", {
    type: "checkbox",
    disabled: true,
    checked,
    "aria-label": translate(checked ? "taskDone" : "taskOpen"),
  });
