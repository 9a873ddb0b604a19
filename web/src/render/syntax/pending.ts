// The end of an answer that still grows, in running text: what is begun is shown as what it will be, and marks that are
// not text are not shown before it is known what they are. "See [the do" is "See the do".

import type { MarkdownIt, StateInline } from "markdown-it";

/** Filled while the text is parsed. */
export interface Pending {
  /** A link's opening bracket was left out. */
  bracket?: boolean;
}

/** Characters after which emphasis that does not end is not expected to. */
const FAR = 400;

/** `state`: only at the end of the text itself, not of a link's text in it. */
export const isPending = (env: StateInline["env"], state?: StateInline): boolean =>
  Boolean(env.pending) && (!state || state.posMax === state.src.length);

const link =
  /^\[(?![\s\d^\]])[^[\]\n]{0,200}$|^\[[^[\]\n]{1,200}\](?:\([^()\s]*(?:\s+"[^"]*"?)?|\[[^[\]\n]*)$|^\[(?![\s\d^])[^[\]\n]{1,200}\]$/;
const rest = /^\](?:\([^()\s]*(?:\s+"[^"]*"?)?|\[[^[\]\n]*)?$/;
const image = /^!\[[^[\]\n]*(?:\](?:\([^()\s]*(?:\s+"[^"]*"?)?)?)?$/;
const hidden: Record<string, RegExp> = {
  "<": /^<(?:\/?[a-z][\w-]{0,20}|[a-z][\w-]*\s[^<>\n]*=[^<>\n]{0,200}|https?:[^<>\s]*|!-{0,2}|\/)?$/i,
  "&": /^&(?:#\w{0,8}|\w{0,8})$/,
  "\\": /^\\$/,
  "[": /^\[\^[^\s\]]{0,40}\]?$/,
};

/** Code that has begun: the run of backticks is not closed behind it. */
function code(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  if (!isPending(state.env, state) || src.charCodeAt(pos) !== 96) return false;
  const [run = ""] = /^`+/.exec(src.slice(pos)) ?? [];
  const after = src.slice(pos + run.length);
  if (new RegExp(`(?<!\`)${run}(?!\`)`).test(after)) return false;
  const content = after.replace(/`+$/, "").replaceAll("\n", " ").trimStart();
  if (!silent && content) state.push("code_inline", "code", 0).content = content;
  state.pos = posMax;
  return true;
}

function marks(state: StateInline, silent: boolean): boolean {
  if (!isPending(state.env, state)) return false;
  const { src, pos } = state;
  const character = src[pos] ?? "";
  if (!"[]!<&\\".includes(character)) return false;
  const end = src.slice(pos, pos + 2_000);
  const pending = state.env.pending as Pending;
  if (hidden[character]?.test(end)) state.pos = state.posMax;
  else if (character === "!" && image.test(end)) state.pos += 2;
  else if (character === "[" && !/\w/.test(src[pos - 1] ?? "") && link.test(end)) state.pos += 1;
  else if (character === "]" && pending.bracket && rest.test(end)) state.pos = state.posMax;
  else return false;
  if (!silent && (character === "[" || character === "!")) pending.bracket = true;
  return true;
}

/** Closes what is open when all that has been closed is matched: the innermost first. */
function close(state: StateInline): void {
  const { delimiters, tokens } = state;
  if (!isPending(state.env)) return;
  const closing = new Set(delimiters.map(({ end }) => end));
  const { length } = tokens;
  let after = 0;
  let at = length;
  for (let index = delimiters.length - 1; index >= 0; index--) {
    const delimiter = delimiters[index]!;
    while (at > delimiter.token) after += tokens[--at]?.content.length ?? 0;
    if (after > FAR) break;
    // "3*4 =" is a product.
    const product = delimiter.length === 1 && /\w$/.test(tokens[delimiter.token - 1]?.content ?? "");
    if (!delimiter.open || delimiter.end >= 0 || closing.has(index) || product) continue;
    state.push("text", "", 0);
    delimiter.end = delimiters.push({ ...delimiter, token: tokens.length - 1, open: false, close: true }) - 1;
  }
}

export function pending(md: MarkdownIt): void {
  md.inline.ruler.before("backticks", "pending_code", code);
  md.inline.ruler.before("text", "pending_marks", marks);
  md.inline.ruler2.after("balance_pairs", "pending_close", close);
}
