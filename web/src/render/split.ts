// Where an answer can be cut: into parts that can be rendered one after another, and that no further text can change.

import { BLOCK_CHARS } from "./limits";
import { lastLeaf, withTable, withoutMarks } from "./syntax/anticipate";
import { closesDetails, opensDetails } from "./syntax/details";
import { type Env, parseBlocks, type Token } from "./syntax/parser";

export interface Split {
  /** The source of each part that is settled; they are the beginning of the text. */
  settled: string[];
  /** The blocks of the rest, as far as they can be told; what they define is in `env`. */
  live: Token[];
  env: Env;
}

interface Part {
  raw: string;
  /** None: there are definitions only. */
  token?: Token;
  /** Where it begins in the list of tokens. */
  index: number;
}

/** `final`: nothing follows, all of it is settled. */
export function split(source: string, env: Env, final: boolean): Split {
  for (let size = BLOCK_CHARS; ; size *= 2) {
    const all = source.length <= size;
    const text = all ? source : source.slice(0, cutBefore(source, size));
    const read = all && !final ? readGrowing(text, env) : readAll(text, env);
    const { parts } = read;
    const count = all && final ? parts.length : settledCount(parts);
    const settled = parts.slice(0, count).map(({ raw }) => raw);
    if (all)
      return { settled, live: read.tokens.slice(parts[count]?.index ?? read.tokens.length), env: read.env };
    if (count) return { settled, live: [], env };
    // One block without an end in sight. Code may be long; anything else goes on as a block of its own.
    if (parts.length > 1) return { settled: parts.slice(0, -1).map(({ raw }) => raw), live: [], env };
    if (parts[0]?.token?.type !== "fence") return { settled: [text], live: [], env };
  }
}

/** The end of a line, if possible before one that is not indented: a list's next item then begins the next part. */
function cutBefore(source: string, size: number): number {
  const last = source.lastIndexOf("\n", size - 1);
  for (let at = last; at > size / 2; at = source.lastIndexOf("\n", at - 1))
    if (/\S/.test(source[at + 1] ?? "")) return at + 1;
  return last + 1 || size;
}

interface Read {
  tokens: Token[];
  parts: Part[];
  env: Env;
}

function readAll(text: string, env: Env, pending?: Env["pending"]): Read {
  const own: Env = { ...env, references: { ...env.references }, pending };
  const tokens = parseBlocks(text, own);
  return { tokens, parts: partsOf(text, tokens), env: own };
}

/** As it will be read once there is more of it. */
function readGrowing(text: string, env: Env): Read {
  const read = readAll(text, env, {});
  const leaf = lastLeaf(read.tokens);
  const inCode =
    leaf &&
    /^(?:fence|code_block|math_block)$/.test(leaf.type) &&
    leaf.map![1] >= text.split("\n").length - 1;
  const shown = inCode ? text : withTable(withoutMarks(text));
  return shown === text ? read : readAll(shown, env, {});
}

/** The top-level blocks, each with the lines up to the next one. */
function partsOf(source: string, tokens: Token[]): Part[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  const found: { from: number; token: Token; index: number }[] = [];
  let open = 0; // <details> within each other are one part with all that they hold
  tokens.forEach((token, index) => {
    if (token.level > 0 || token.nesting < 0) return;
    if (token.map && !open)
      found.push({ from: found.length ? (starts[token.map[0]] ?? source.length) : 0, token, index });
    if (token.type !== "html_block") return;
    if (opensDetails(token.content)) open++;
    else if (closesDetails(token)) open = Math.max(0, open - 1);
  });
  if (!found.length) return source ? [{ raw: source, index: tokens.length }] : [];
  return found.map(({ from, token, index }, at) => ({
    raw: source.slice(from, found[at + 1]?.from),
    token,
    index,
  }));
}

/**
 * How many parts no further text can change: once a block has begun with a complete line, those before it are over, but
 * the one right before it may still give it its last line (a table's header was the end of a paragraph).
 */
function settledCount(parts: Part[]): number {
  const last = parts.at(-1)?.raw ?? "";
  const before = parts.at(-2)?.raw ?? "";
  if (!/\S[^\n]*\n/.test(last)) return Math.max(0, parts.length - 3);
  return Math.max(0, parts.length - (endsWithBlankLine(before) ? 1 : 2));
}

function endsWithBlankLine(raw: string): boolean {
  const end = raw.trimEnd().length;
  return raw.slice(end).split("\n").length > 2;
}
