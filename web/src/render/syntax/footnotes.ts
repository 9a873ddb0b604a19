// Footnotes: [^label] in the text and "[^label]: …" anywhere, shown where it stands. markdown-it-footnote finds the
// definitions; it gathers them at the document's end, which here grows, so its other rules are not used.

import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import footnote from "markdown-it-footnote";

const label = /\[\^([^\s\]]{1,40})\](?![(:])/y;

/** Definitions come last: what has none in the end is turned back into text (footnote.ts). */
function reference(state: StateInline, silent: boolean): boolean {
  label.lastIndex = state.pos;
  const name = state.src.charCodeAt(state.pos) === 91 ? label.exec(state.src)?.[1] : undefined;
  if (!name || label.lastIndex > state.posMax) return false;
  if (!silent) state.push("footnote_ref", "", 0).meta = { label: name };
  state.pos = label.lastIndex;
  return true;
}

export function footnotes(md: MarkdownIt): void {
  footnote(md);
  md.inline.ruler.disable(["footnote_inline", "footnote_ref"]);
  md.inline.ruler.before("link", "footnote", reference);
  const { fn: definition } = md.block.ruler.__rules__.find(({ name }) => name === "footnote_def")!;
  // Its tokens do not say which lines they are.
  const withLines = (state: StateBlock, start: number, end: number, silent: boolean): boolean => {
    const { length } = state.tokens;
    if (!definition(state, start, end, silent)) return false;
    const token = state.tokens[length];
    if (token) token.map = [start, state.line];
    return true;
  };
  md.block.ruler.at("footnote_def", withLines, { alt: ["paragraph", "reference"] });
}
