// What the builds of the page and of its tests have in common.

import { basename } from "node:path";
import { build } from "esbuild";

/**
 * An esbuild plugin: of markdown-it, the parser alone. It finds links and hosts by ways of its own that the page does
 * not use (render/syntax/autolinks.ts, render/url.ts), and the browser knows what is punctuation (a sixth less).
 */
export const parserOnly = {
  name: "parser-only",
  setup({ onResolve, onLoad }) {
    const instead = {
      "linkify-it": "export class LinkifyIt {}",
      "punycode.js": "export default {}",
      mdurl: "export const parse = undefined, format = undefined, encode = undefined, decode = undefined",
      "uc.micro": "export const P = /\\p{P}/u, S = /\\p{S}/u",
    };
    const filter = new RegExp(`^(?:${Object.keys(instead).join("|").replaceAll(".", "\\.")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "parser-only" }));
    onLoad({ filter: /.*/, namespace: "parser-only" }, ({ path }) => ({ contents: instead[path] }));
  },
};

/** Builds the worker that colours code into `outdir`; returns its file's name, and esbuild's list of all there is. */
export async function buildHighlighter(outdir, options) {
  const source = "src/render/highlighter.ts";
  const result = await build({
    entryPoints: [source],
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  const [entry] = Object.entries(result.metafile.outputs).find(([, { entryPoint }]) => entryPoint === source);
  return { name: basename(entry), outputs: result.metafile.outputs };
}
