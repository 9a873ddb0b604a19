// markdown-it (CommonMark and GFM's tables), taught what else models write. Only its tokens are used, never its HTML.

import MarkdownIt, { type Env as AnyEnv, type StateBlock, type Token } from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import { BLOCK_DEPTH, TABLE_CELLS, TABLE_COLUMNS } from "../limits";
import { autolinks } from "./autolinks";
import { splitDetails } from "./details";
import { footnotes } from "./footnotes";
import { math } from "./math";
import { pending, type Pending } from "./pending";
import { strikethrough } from "./strikethrough";

export type { Token };
export type References = NonNullable<AnyEnv["references"]>;

/** What is known of the document while a part of it is parsed. */
export interface Env extends AnyEnv {
  references: References;
  footnotes?: { refs?: Record<string, number> };
  /** The text is the end of what has come: what is begun in it will be ended. */
  pending?: Pending | undefined;
}

// CommonMark's emphasis needs a space or a letter where Chinese, Japanese and Korean have neither ("**「重要」**です");
// cjkFriendly amends the rules: https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md
const parser = new MarkdownIt({ html: true })
  .use(cjkFriendly)
  .use(footnotes)
  .use(math)
  .use(autolinks)
  .use(strikethrough)
  .use(pending);

// What a link may lead to is decided when it is made (url.ts).
parser.validateLink = () => true;
parser.normalizeLink = (url) => url;
parser.normalizeLinkText = (text) => text;

type BlockRule = (state: StateBlock, start: number, end: number, silent: boolean) => boolean;

/** Puts a rule around one of markdown-it's own. */
function around(name: string, outer: (rule: BlockRule, ...given: Parameters<BlockRule>) => boolean): void {
  const { ruler } = parser.block;
  const { fn, alt } = ruler.__rules__.find((rule) => rule.name === name)!;
  ruler.at(name, (...given) => outer(fn, ...given), { alt });
}

const shallow: Parameters<typeof around>[1] = (rule, state, ...rest) =>
  state.level < BLOCK_DEPTH && rule(state, ...rest);
around("blockquote", shallow);
around("list", shallow);

/** A table is read as far as it is shown; its other rows are in its first token's `meta.rest`, as they are written. */
around("table", (rule, state, start, end, silent) => {
  const header = state.src.slice(state.bMarks[start], state.eMarks[start]).trim();
  const columns = header.replace(/^\||\|$/g, "").split("|", TABLE_COLUMNS + 1).length;
  const last = Math.min(end, start + 2 + Math.ceil(TABLE_CELLS / columns));
  const index = state.tokens.length;
  if (columns > TABLE_COLUMNS || !rule(state, start, last, silent)) return false;
  if (silent || state.line < last || last === end) return true;
  let line = last;
  while (line < end && state.src.slice(state.bMarks[line], state.eMarks[line]).includes("|")) line++;
  const table = state.tokens[index];
  if (line > last && table) {
    table.meta = {
      head: state.getLines(start, start + 2, state.blkIndent, true),
      rest: state.getLines(last, line, state.blkIndent, false),
    };
    table.map = [start, line];
  }
  state.line = line;
  return true;
});

/** The blocks of `source`; their text is in tokens of type `inline`, not parsed yet. Definitions go into `env`. */
export function parseBlocks(source: string, env: Env): Token[] {
  const tokens: Token[] = [];
  parser.block.parse(source, parser, env, tokens);
  return splitDetails(tokens);
}

/** The text of a paragraph, heading or cell. */
export function parseInline(source: string, env: Env): Token[] {
  const tokens: Token[] = [];
  parser.inline.parse(source, parser, env, tokens);
  return tokens;
}

export const { normalizeReference, unescapeAll } = parser.utils;
