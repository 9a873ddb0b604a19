// Runs test/*.test.ts with Node's own test runner: what needs no browser.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { parserOnly } from "./parts.mjs";

// A test, or a whole file, that waits for what never comes fails.
const LIMIT_MS = 120_000;

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const out = await mkdtemp(join(web, "dist.test-"));
try {
  const tests = (await readdir(join(web, "test"))).filter((file) => file.endsWith(".test.ts"));
  await build({
    absWorkingDir: web,
    entryPoints: tests.map((file) => join("test", file)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    inject: ["test/browser.ts"],
    // They read files that are beside them.
    external: ["commonmark-spec", "commonmark-spec-0.29", "linkedom"],
    logLevel: "warning",
    plugins: [parserOnly],
    define: { HIGHLIGHTER: JSON.stringify("/highlighter.js") },
  });
  const files = (await readdir(out)).map((file) => join(out, file));
  const command = ["--test", `--test-timeout=${LIMIT_MS}`, ...files];
  process.exitCode = spawnSync(process.execPath, command, { stdio: "inherit", cwd: web }).status ?? 1;
} finally {
  await rm(out, { recursive: true });
}
