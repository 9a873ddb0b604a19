// An esbuild plugin: of marked, the lexer alone. Its module ends by making a `marked` object out of all the rest, for
// which esbuild keeps the parser and the HTML renderers; without that end, only what is imported stays (a fifth less).

import { readFile } from "node:fs/promises";

export const lexerOnly = {
  name: "lexer-only",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const end = source.search(/var \w+=new \w+;function \w+\(\w+,\w+\)\{return \w+\.parse\(/);
      const lexer = /[{,](\w+) as Lexer\b/.exec(source)?.[1];
      if (end < 0 || !lexer) throw new Error("marked is built differently now: see scripts/lexer-only.mjs");
      return { contents: `${source.slice(0, end)}export{${lexer} as Lexer};` };
    });
  },
};
