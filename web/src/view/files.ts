// Text files dropped, pasted or picked become part of the message, in a code block under their name.

import { translate } from "../i18n/translate";
import type { Composer } from "./composer";
import { byId } from "./page";
import { toast } from "./toast";

/** As many backticks as the text needs to stay inside its block. */
function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  return "`".repeat(longest + 1);
}

function block(name: string, text: string): string {
  const language = /\.(\w{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const ticks = fence(text);
  return `${name}\n${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}\n`;
}

async function add(files: Iterable<File>, composer: Composer, limit: number): Promise<void> {
  for (const file of files) {
    const { name, size } = file;
    // A character takes at most four bytes.
    if (size > limit * 4) {
      toast(translate("fileTooLarge", { name }));
      continue;
    }
    const bytes = await file.arrayBuffer();
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      if (text.includes("\0")) throw new TypeError("binary");
      const { box } = composer;
      const before = box.value.slice(0, box.selectionStart);
      composer.insert(`${before && !before.endsWith("\n") ? "\n\n" : ""}${block(name, text)}`);
    } catch {
      toast(translate("fileNotText", { name }));
    }
  }
}

export function startFiles(composer: Composer, limit: number): void {
  const picker = byId<HTMLInputElement>("file");
  byId("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", async () => {
    await add(picker.files ?? [], composer, limit);
    picker.value = "";
  });
  composer.box.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    // Office programs put a picture beside the text: text wins.
    if (!files?.length || event.clipboardData?.types.includes("text/plain")) return;
    event.preventDefault();
    void add(files, composer, limit);
  });
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.dataset.drop = translate("dropHere");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete document.body.dataset.drop;
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    delete document.body.dataset.drop;
    void add(event.dataTransfer?.files ?? [], composer, limit);
  });
}
