// GFM's strikethrough: one or two tildes on each side, the same number; markdown-it knows two only.

import type { Delimiter, MarkdownIt, StateInline } from "markdown-it";

const TILDE = 126;

function tokenize(state: StateInline, silent: boolean): boolean {
  if (silent || state.src.charCodeAt(state.pos) !== TILDE) return false;
  const { can_open, can_close, length } = state.scanDelims(state.pos, true);
  state.push("text", "", 0).content = "~".repeat(length);
  state.pos += length;
  if (length > 2) return true;
  state.delimiters.push({
    // Runs of different lengths never match: to the balancing of pairs they are different markers.
    marker: TILDE + length,
    length: 0,
    token: state.tokens.length - 1,
    end: -1,
    open: can_open,
    close: can_close,
  });
  return true;
}

function pair(state: StateInline, delimiters: Delimiter[]): void {
  for (const { marker, end, token } of delimiters) {
    const closing = delimiters[end];
    if (end < 0 || !closing || marker <= TILDE || marker > TILDE + 2) continue;
    for (const [index, nesting] of [
      [token, 1],
      [closing.token, -1],
    ] as const) {
      const mark = state.tokens[index];
      if (!mark) continue;
      Object.assign(mark, { type: nesting > 0 ? "s_open" : "s_close", tag: "del", nesting, content: "" });
    }
  }
}

function postProcess(state: StateInline): void {
  pair(state, state.delimiters);
  for (const meta of state.tokens_meta) if (meta?.delimiters) pair(state, meta.delimiters);
}

export function strikethrough(md: MarkdownIt): void {
  md.inline.ruler.at("strikethrough", tokenize);
  md.inline.ruler2.at("strikethrough", postProcess);
}
