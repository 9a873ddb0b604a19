// The end of an answer that still grows, in blocks: lines that are only marks wait for what follows them, a table's
// header is a table's before its second line has come, and emphasis ends where the text does so far.

import { parseInline, type Env, type Token } from "./parser";

/** A last line that is no text yet: marks of a list, quote, heading, rule or fence; a definition; a tag. */
const marks =
  /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)]?)?[ \t]*(?:\[[ xX]?\]?)?|#{1,6}|[-*_=][-*_= \t]*|\|[|:\- \t]*|[`~]{1,2}|(?:`{3,}[^`]*|~{3,}.*))[ \t]*$/;
const definition = /^ {0,3}\[[^\]\n^][^\]\n]*\]:.*$/;
const tag = /^ {0,3}<\/?[a-z][^>]*$/i;

/** `source` without a last line that is not text yet. */
export function withoutMarks(source: string): string {
  const start = source.lastIndexOf("\n") + 1;
  const line = source.slice(start, start + 1_000);
  const waits = line.length < 1_000 && (marks.test(line) || definition.test(line) || tag.test(line));
  return waits ? source.slice(0, start) : source;
}

const header = /(?:^|\n)( {0,3}\|[^\n]+)(?:\n[|:\- \t]*)?$/;

/** `source` with a second line for a table whose first has begun. */
export function withTable(source: string): string {
  const found = header.exec(source.slice(-2_000));
  const row = found?.[1];
  if (!row) return source;
  const before = source.slice(0, source.lastIndexOf(row)).trimEnd();
  // In the middle of a table: its rows are rows already.
  if (
    /(?:^|\n) {0,3}\|[^\n]*$/.test(before.slice(-2_000)) &&
    !/\n[ \t]*\n[ \t]*$/.test(source.slice(0, source.lastIndexOf(row)))
  )
    return source;
  const cells = row
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/).length;
  return `${source.slice(0, source.lastIndexOf(row))}${row}\n${"|-".repeat(cells)}|`;
}

/** The token whose text is the last that has come. */
export function lastLeaf(tokens: Token[]): Token | undefined {
  return tokens.findLast(({ type, content }) =>
    type !== "inline" ? /^(?:fence|code_block|html_block|math_block|hr)$/.test(type) : content,
  );
}

/** `content` as it will be: open emphasis is closed, marks at the end that may open or close something are not shown. */
export function anticipated(content: string, env: Env): Token[] {
  // [!NOTE] is no text at all; the parts of a task's box are none yet.
  if (/^\[(?:![A-Z]*\]?|[ xX]?\]?)$/.test(content)) return [];
  const text = content.replace(/(?:[*_~]+|(?<!\\)\\)$/, "").trimEnd();
  return parseInline(text, { ...env, pending: {} });
}
