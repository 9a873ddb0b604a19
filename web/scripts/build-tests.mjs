// Builds web/dist-test: the renderer as a page of its own for the browser tests.

import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { lexerOnly } from "./lexer-only.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(web, "dist-test");

await build({
  absWorkingDir: web,
  entryPoints: ["test/harness.ts"],
  outdir: join(out, "harness"),
  bundle: true,
  splitting: true,
  format: "esm",
  logLevel: "warning",
  plugins: [lexerOnly],
});
await writeFile(
  join(out, "harness.html"),
  '<!doctype html><meta charset="utf-8"><title>Renderer</title><script type="module" src="/harness/harness.js"></script>',
);
