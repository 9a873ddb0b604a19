// Which folder of web/src may import which: this table is the only place that says so. `npm run check` runs it.
// Everything may import itself; `.` is what stands in src itself, where all is put together.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const arrows = {
  core: [],
  dom: [],
  i18n: ["core"],
  render: ["dom", "i18n"],
  store: ["core"],
  wire: ["core"],
  access: ["core", "wire"],
  chat: ["core", "i18n", "store", "wire"],
  dialogs: ["core", "dom", "i18n", "chat"],
  view: ["core", "dom", "i18n", "render", "wire", "access", "chat", "dialogs"],
  "service-worker": [],
  ".": ["core", "dom", "i18n", "store", "wire", "access", "chat", "view"],
};

const src = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");
const folderOf = (path) => (path.includes(sep) ? path.slice(0, path.indexOf(sep)) : ".");
const wrong = [];

// No folder may be reached from itself: the order of the table is the order in which to read.
const read = new Set();
for (const [folder, allowed] of Object.entries(arrows)) {
  for (const other of allowed) if (!read.has(other)) wrong.push(`the table: ${folder} → ${other} climbs`);
  read.add(folder);
}

for (const path of await readdir(src, { recursive: true })) {
  if (!path.endsWith(".ts")) continue;
  const folder = folderOf(path);
  if (!(folder in arrows)) wrong.push(`${folder}/ is not in the table`);
  const source = await readFile(join(src, path), "utf8");
  for (const [, imported] of source.matchAll(/(?:from|import|import\()\s*"(\.[^"]+)"/g)) {
    const other = folderOf(relative(src, join(src, dirname(path), imported)));
    if (other !== folder && !arrows[folder]?.includes(other)) wrong.push(`${path} imports ${imported}`);
  }
}

if (wrong.length) {
  console.error(`Imports against scripts/arrows.mjs:\n  ${wrong.join("\n  ")}`);
  process.exitCode = 1;
}
