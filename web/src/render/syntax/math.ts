// TeX: $…$ and $$…$$, \(…\) and \[…\], on lines of their own and in running text.

import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import { TEX_CHARS } from "../limits";
import { EAST_ASIAN } from "./east-asian";
import { isPending } from "./pending";

const DOLLAR = 36;
const BACKSLASH = 92;

const closings: Record<string, string> = { $$: "$$", "\\[": "\\]", "\\(": "\\)" };

/** $$ or \[ at the beginning of a line, and its end at the end of one. No blank line inside. */
function block(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const from = (state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0);
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
  const opening = state.src.slice(from, from + 2);
  const closing = opening === "$$" || opening === "\\[" ? closings[opening] : undefined;
  if (!closing) return false;
  let line = start;
  let text = state.src.slice(from + 2, state.eMarks[start]);
  for (; ; text += `\n${state.getLines(line, line + 1, state.blkIndent, false)}`) {
    const found = text.lastIndexOf(closing);
    if (found >= 0 && !text.slice(found + 2).trim()) {
      text = text.slice(0, found);
      break;
    }
    // Text behind the end: that is a formula in a paragraph.
    if (found >= 0 || text.length > TEX_CHARS) return false;
    line++;
    const over = line >= end || state.isEmpty(line) || (state.sCount[line] ?? 0) < state.blkIndent;
    if (!over) continue;
    if (line < state.lineMax || !isPending(state.env)) return false;
    line--;
    break;
  }
  if (!text.trim() || text.includes(closing))
    return isPending(state.env) && !text.trim() && hide(state, line, silent);
  if (silent) return true;
  const token = state.push("math_block", "", 0);
  token.content = text.trim();
  token.map = [start, line + 1];
  state.line = line + 1;
  return true;
}

/** A formula that has not begun yet. */
function hide(state: StateBlock, line: number, silent: boolean): boolean {
  if (!silent) state.line = line + 1;
  return true;
}

/**
 * Dollars as pandoc and GitHub have them: no space inside, no letter or digit outside, no code in between. What begins
 * like a price and goes on in words is a price: "$5, or 5$".
 */
const letter = String.raw`(?![${EAST_ASIAN}])[\p{L}\p{N}]|\$`;
const outside = new RegExp(`^(?:${letter})`, "u");
const dollars = new RegExp(
  String.raw`\$((?:\\[^\n]|[^\\$\x60\n])*?(?:\\[^\n]|[^\\$\x60\s]))\$(?!${letter})`,
  "uy",
);
const price = /^\d[\d.,]*[kKmMbB]?(?:\s*[-–/+,]|\s)\s*[\p{L}(]{2,}/u;
const doubled = /\$\$([^$\n]+|(?:[^$]|\$(?!\$))+?)\$\$/y;
const begun =
  /^\$(?![\s\d$]|[A-Z][A-Z0-9_]+(?![a-z{^]))(?:[^$`\n\s]{0,20}|[^$`\n]{0,150}[\\^_{][^$`\n]{0,150})$/;

function inline(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const first = src.charCodeAt(pos);
  if (first !== DOLLAR && first !== BACKSLASH) return false;
  const opening = src.slice(pos, pos + 2);
  const found = first === DOLLAR && opening !== "$$" ? single(src, pos) : long(src, pos, opening);
  if (!found) return isPending(state.env, state) && anticipated(state, opening, silent);
  const { tex, end } = found;
  if (end > state.posMax) return false;
  if (!silent)
    state.push(opening === "$$" || opening === "\\[" ? "math_display" : "math_inline", "", 0).content = tex;
  state.pos = end;
  return true;
}

function single(src: string, pos: number): { tex: string; end: number } | undefined {
  if (outside.test(src[pos - 1] ?? "") || /\s/.test(src[pos + 1] ?? " ")) return undefined;
  dollars.lastIndex = pos;
  const tex = dollars.exec(src)?.[1];
  return tex && tex.length <= TEX_CHARS && !price.test(tex) ? { tex, end: dollars.lastIndex } : undefined;
}

function long(src: string, pos: number, opening: string): { tex: string; end: number } | undefined {
  const closing = closings[opening];
  if (!closing) return undefined;
  if (opening === "$$") {
    doubled.lastIndex = pos;
    const tex = doubled.exec(src.slice(0, pos + TEX_CHARS))?.[1]?.trim();
    return tex ? { tex, end: doubled.lastIndex } : undefined;
  }
  const end = src.slice(0, pos + TEX_CHARS).indexOf(closing, pos + 2);
  const tex = end < 0 ? "" : src.slice(pos + 2, end).trim();
  // Punctuation alone is none, and \[text\](address) is a link that was escaped.
  return /[\p{L}\p{N}]/u.test(tex) && !/^[([:]/.test(src.slice(end + 2, end + 3))
    ? { tex, end: end + 2 }
    : undefined;
}

/** The end has not come yet: what is there is shown as a formula. */
function anticipated(state: StateInline, opening: string, silent: boolean): boolean {
  const rest = state.src.slice(state.pos);
  if (rest.length > TEX_CHARS) return false;
  const display = opening === "$$" || opening === "\\[";
  const tex = closings[opening] ? rest.slice(2) : rest.slice(1);
  const comes = closings[opening] ? !tex.includes(closings[opening]) : begun.test(rest);
  if (!comes) return false;
  if (!silent && tex.trim()) {
    const token = state.push(display ? "math_display" : "math_inline", "", 0);
    token.content = tex.trim();
    token.meta = { pending: true };
  }
  state.pos = state.posMax;
  return true;
}

export function math(md: MarkdownIt): void {
  const alt = ["paragraph", "reference", "blockquote", "list"];
  md.block.ruler.before("table", "math", block, { alt });
  md.inline.ruler.before("escape", "math", inline);
}
