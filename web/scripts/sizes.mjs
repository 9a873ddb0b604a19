// Prints what a browser fetches, gzipped: before the first message, for an answer, and when something rare is needed.
// The numbers come from what index.html and the built scripts import, not from a list kept by hand.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");

const read = (file) => readFile(join(dist, file), "utf8");
const kilobytes = async (files) => {
  let sum = 0;
  for (const file of files) sum += gzipSync(await read(file), { level: 9 }).length;
  return `${(sum / 1000).toFixed(1)} kB`;
};

/** A script and everything it imports at once. */
async function closure(file, into = new Set()) {
  if (into.has(file)) return into;
  into.add(file);
  for (const [, name] of (await read(file)).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
    await closure(`assets/${name}`, into);
  return into;
}

/** The lazily loaded script of a source file, by the name esbuild gives its chunk. */
async function lazy(name, loaded) {
  const { readdir } = await import("node:fs/promises");
  const file = (await readdir(join(dist, "assets"))).find((asset) =>
    new RegExp(`^${name}-[A-Z0-9]{8}\\.js$`).test(asset),
  );
  const all = await closure(`assets/${file}`);
  const fresh = [...all].filter((asset) => !loaded.has(asset));
  for (const asset of fresh) loaded.add(asset);
  return fresh;
}

const html = await read("index.html");
const loaded = new Set();
for (const [, file] of html.matchAll(/src="\/(assets\/[^"]+\.js)"/g)) await closure(file, loaded);
const css = [...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map(([, file]) => file);

const rows = [
  ["JavaScript before the first message", [...loaded]],
  ["stylesheet", css],
  ["index.html", ["index.html"]],
];
for (const [label, name] of [
  ["lazy: an answer (markdown)", "document"],
  ["lazy: an answer with code", "highlighter"],
  ["lazy:   each language, e.g. Python", "python"],
  ["lazy: an answer with a formula", "tex"],
  ["lazy: settings", "settings"],
  ["lazy: the dialogs' words", "en-dialogs"],
  ["lazy: search", "search"],
  ["lazy: signing in", "oidc"],
  ["lazy: Japanese", "ja"],
  ["lazy: Japanese, the dialogs' words", "ja-dialogs"],
]) {
  rows.push([label, await lazy(name, loaded)]);
}
for (const [label, files] of rows) console.log(label.padEnd(40), (await kilobytes(files)).padStart(9));
