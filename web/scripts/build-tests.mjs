// Builds web/dist-test: the renderer as a page of its own for the browser tests.

import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildHighlighter, parserOnly } from "./parts.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(web, "dist-test");

await rm(out, { recursive: true, force: true });
const { name } = await buildHighlighter(join(out, "harness"), { absWorkingDir: web });
await build({
  absWorkingDir: web,
  entryPoints: ["test/harness.ts", "src/styles/main.css"],
  entryNames: "[name]",
  outdir: join(out, "harness"),
  bundle: true,
  splitting: true,
  format: "esm",
  logLevel: "warning",
  plugins: [parserOnly],
  define: { HIGHLIGHTER: JSON.stringify(`/harness/${name}`) },
});
await writeFile(
  join(out, "harness.html"),
  '<!doctype html><meta charset="utf-8"><title>Renderer</title><link rel="stylesheet" href="/harness/main.css"><script type="module" src="/harness/harness.js"></script>',
);
