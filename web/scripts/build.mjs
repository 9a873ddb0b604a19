// Builds web/dist: content-hashed scripts and styles under assets/, everything else under its own name.

import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildHighlighter, parserOnly } from "./parts.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
// Built aside and put in place at the end: whoever serves dist meanwhile never sees half a page.
const dist = await mkdtemp(join(web, "dist."));

const options = {
  absWorkingDir: web,
  bundle: true,
  minify: true,
  target: ["chrome120", "firefox121", "safari17.4"],
  legalComments: "none",
  logLevel: "warning",
  plugins: [parserOnly],
};

/** Returns the output of each entry point and what it loads at once, as paths from dist. */
async function hashed(entryPoints, more) {
  const result = await build({
    ...options,
    entryPoints,
    outdir: join(dist, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
    ...more,
  });
  const outputs = result.metafile.outputs;
  const entries = {};
  const eager = new Set();
  for (const [output, { entryPoint, imports }] of Object.entries(outputs)) {
    if (!entryPoint || !entryPoints.includes(entryPoint)) continue;
    entries[entryPoint] = path(output);
    eager.add(path(output));
    for (const { path: imported, kind } of imports)
      if (kind === "import-statement") eager.add(path(imported));
  }
  return { entries, eager: [...eager], offline: common(outputs) };
}

const path = (output) => relative(dist, join(web, output)).split(sep).join("/");

/** All but what is rarely needed and a lot: that is fetched when it is needed, and kept from then on. */
function common(outputs) {
  const rare = /node_modules\/(highlight\.js\/lib\/languages|temml)\//;
  return Object.entries(outputs)
    .filter(([, { inputs }]) => !Object.keys(inputs).some((file) => rare.test(file)))
    .map(([output]) => path(output));
}

await mkdir(join(dist, "assets"), { recursive: true });
const highlighter = await buildHighlighter(join(dist, "assets"), options);
const main = await hashed(["src/main.ts"], {
  format: "esm",
  splitting: true,
  define: { HIGHLIGHTER: JSON.stringify(`/assets/${highlighter.name}`) },
});
const first = await hashed(["src/first-paint.ts", "src/styles/main.css"], { format: "iife" });
const entries = { ...main.entries, ...first.entries };

const template = await readFile(join(web, "src/index.html"), "utf8");
// First what the empty page is painted with, then its scripts.
const preload = main.eager
  .map((file) => `<link rel="modulepreload" fetchpriority="low" href="/${file}">`)
  .join("\n    ");
const html = template
  .replace("<!-- preload -->", preload)
  .replaceAll(/\{\{(.+?)\}\}/g, (_, source) => `/${entries[source]}`);
await writeFile(join(dist, "index.html"), html);

for (const file of await readdir(join(web, "public"))) {
  await copyFile(join(web, "public", file), join(dist, basename(file)));
}

// The shell is what the page needs to open offline; its file names change with its content, and so does sw.js.
const shell = [
  "/",
  ...[...main.offline, ...common(highlighter.outputs), ...first.offline].map((file) => `/${file}`),
];
await build({
  ...options,
  entryPoints: ["src/service-worker/service-worker.ts"],
  outfile: join(dist, "sw.js"),
  format: "iife",
  define: { SHELL: JSON.stringify(shell) },
});

const old = await mkdtemp(join(web, "dist."));
await rename(join(web, "dist"), join(old, "dist")).catch(() => undefined);
await chmod(dist, 0o755); // temporary folders are private
await rename(dist, join(web, "dist"));
await rm(old, { recursive: true });
