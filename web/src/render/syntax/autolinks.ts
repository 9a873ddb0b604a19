// GFM's extended autolinks (https://github.github.com/gfm/#autolinks-extension-), and one thing more: they end where
// Chinese, Japanese or Korean begins, which has no space before its words.

import type { MarkdownIt, StateInline, Token } from "markdown-it";
import { URL_CHARS } from "../limits";
import { EAST_ASIAN } from "./east-asian";

const COLON = 58;
const W = 119;

const terminator = /[\n!#$%&*+:<=>@[\\\]^_`{}~-]|www\./g;

/** markdown-it's `text` rule, but it also stops before "www.". */
function text(state: StateInline, silent: boolean): boolean {
  terminator.lastIndex = state.pos;
  let end = terminator.exec(state.src)?.index ?? state.posMax;
  // At "www." itself the rule for it has said no.
  if (end === state.pos && state.src.charCodeAt(end) === W) end += 3;
  end = Math.min(end, state.posMax);
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
}

const eastAsian = new RegExp(`[${EAST_ASIAN}]`, "u");
const host = String.raw`(?:[\p{L}\p{N}_-](?<![${EAST_ASIAN}]))+`;
const address = new RegExp(
  String.raw`(?:${host}(?:\.${host})*|\[[\da-fA-F:]+\])(?::\d+)?(?:[/?#](?:[^\s<${EAST_ASIAN}])*)?`,
  "uy",
);

/** How much of `url` counts: punctuation at its end belongs to the sentence. */
function trimmed(url: string): string {
  for (;;) {
    const shorter = /[?!.,:*_~'"]$/.test(url)
      ? url.slice(0, -1)
      : url.endsWith(")") && count(url, ")") > count(url, "(")
        ? url.slice(0, -1)
        : url.replace(/&[a-zA-Z\d]+;$/, "");
    if (shorter === url) return url;
    url = shorter;
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;

/** The web address at `start`; `scheme` is what stands before its host. */
function addressAt(src: string, start: number, scheme: string): string {
  address.lastIndex = start + scheme.length;
  const found = address.exec(src)?.[0];
  if (!found || found.length > URL_CHARS) return "";
  const domain = /^[^/?#:]*/.exec(found)?.[0] ?? "";
  if (domain.split(".").slice(-2).join("").includes("_") || (!scheme && !/\..*\./.test(`${domain}.`)))
    return "";
  return trimmed(scheme + found);
}

function link(state: StateInline, href: string, content: string): void {
  state.push("link_open", "a", 1).attrs = [["href", href]];
  state.push("text", "", 0).content = content;
  state.push("link_close", "a", -1);
}

/**
 * http://…, https://…, ftp://…: found at the colon, the scheme is pending text. Behind "<" it is what CommonMark's own
 * autolinks did not take.
 */
function withScheme(state: StateInline, silent: boolean): boolean {
  if (silent || state.linkLevel > 0 || state.src.charCodeAt(state.pos) !== COLON) return false;
  if (!state.src.startsWith("://", state.pos)) return false;
  const scheme = /(?<![a-z\d]|<\s?)(?:https?|ftp)$/i.exec(state.pending)?.[0];
  if (!scheme) return false;
  const url = addressAt(state.src.slice(0, state.posMax), state.pos - scheme.length, `${scheme}://`);
  if (url.length <= scheme.length + 3) return false;
  state.pending = state.pending.slice(0, -scheme.length);
  link(state, url, url);
  state.pos += url.length - scheme.length;
  return true;
}

/** www.…: after a space, or one of the delimiters * _ ~ (. */
function withoutScheme(state: StateInline, silent: boolean): boolean {
  if (state.linkLevel > 0 || !state.src.startsWith("www.", state.pos)) return false;
  if (/[^\s*_~(]/.test(state.src[state.pos - 1] ?? " ") && !eastAsian.test(state.src[state.pos - 1] ?? ""))
    return false;
  const url = addressAt(state.src.slice(0, state.posMax), state.pos, "");
  if (!url) return false;
  if (!silent) link(state, `http://${url}`, url);
  state.pos += url.length;
  return true;
}

const mail = /(?<![\w.+-])[\w.+-]+@[a-zA-Z\d](?:[\w-]*\.)+[\w-]*[a-zA-Z\d](?![\w-])/g;

/** E-mail addresses, in what has turned out to be text. */
function mails(state: StateInline): void {
  if (!state.src.includes("@")) return;
  const result: Token[] = [];
  let links = 0;
  for (const token of state.tokens) {
    if (token.type === "link_open") links++;
    if (token.type === "link_close") links--;
    if (token.type === "text" && !links && token.content.includes("@")) result.push(...split(state, token));
    else result.push(token);
  }
  state.tokens.splice(0, state.tokens.length, ...result);
}

function split(state: StateInline, { content, level }: Token): Token[] {
  const result: Token[] = [];
  const add = (type: string, nesting: -1 | 0 | 1, words = ""): Token => {
    const token = new state.Token(type, nesting ? "a" : "", nesting);
    token.content = words;
    token.level = level;
    result.push(token);
    return token;
  };
  let from = 0;
  for (const { 0: found, index } of content.matchAll(mail)) {
    if (index > from) add("text", 0, content.slice(from, index));
    add("link_open", 1).attrs = [["href", `mailto:${found}`]];
    add("text", 0, found);
    add("link_close", -1);
    from = index + found.length;
  }
  if (from < content.length) add("text", 0, content.slice(from));
  return result;
}

export function autolinks(md: MarkdownIt): void {
  md.inline.ruler.at("text", text);
  md.inline.ruler.at("linkify", withScheme);
  md.inline.ruler.before("text", "www", withoutScheme);
  md.inline.ruler2.push("mails", mails);
}
