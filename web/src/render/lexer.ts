// marked's lexer, taught TeX. The only part of marked that is used: its tokens, never its HTML.

import { Lexer, type Links, type Token, type Tokens, type TokensList } from "marked";

interface Rule {
  start(source: string): number | undefined;
  tokenizer(source: string): Tokens.Generic | undefined;
}

/** TeX on lines of its own: $$…$$ or \[…\]. No blank lines inside, so a paragraph boundary stays one. */
const mathBlock: Rule = {
  start: (source) => /\n {0,3}(?:\$\$|\\\[)/.exec(source)?.index,
  tokenizer(source) {
    const match =
      /^ {0,3}\$\$((?:(?!\$\$|\n[ \t]*\n)[\s\S])+)\$\$[ \t]*(?:\n|$)/.exec(source) ??
      /^ {0,3}\\\[((?:(?!\\\]|\n[ \t]*\n)[\s\S])+)\\\][ \t]*(?:\n|$)/.exec(source);
    return match?.[1]?.trim() ? { type: "mathBlock", raw: match[0], text: match[1].trim() } : undefined;
  },
};

/** TeX in running text: $…$, $$…$$ or \(…\). "$5 and $10" is money: no space inside, no digit after. */
const mathInline: Rule = {
  start: (source) => /\$|\\\(/.exec(source)?.index,
  tokenizer(source) {
    const match =
      /^\$\$([^$\n]+)\$\$/.exec(source) ??
      /^\$(?![\s$])((?:\\[^\n]|[^\\$\n])*(?:\\[^\n]|[^\\$\s]))\$(?![\d$])/.exec(source) ??
      /^\\\(((?:(?!\\\))[^\n])+)\\\)/.exec(source);
    return match?.[1]?.trim() ? { type: "mathInline", raw: match[0], text: match[1].trim() } : undefined;
  },
};

const options = {
  gfm: true,
  extensions: {
    block: [mathBlock.tokenizer],
    startBlock: [mathBlock.start],
    inline: [mathInline.tokenizer],
    startInline: [mathInline.start],
    renderers: {},
    childTokens: {},
  },
};

/** `links` are reference definitions known from elsewhere in the document. */
export function lex(source: string, links: Links): { tokens: Token[]; links: Links } {
  const lexer = new Lexer(options);
  Object.assign(lexer.tokens.links, links);
  const tokens: TokensList = lexer.lex(source);
  return { tokens, links: tokens.links };
}
