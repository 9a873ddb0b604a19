// Text files dropped, pasted or picked become part of the message.

import { translate } from "../i18n/translate";
import type { Composer } from "./composer";
import { byId } from "./page";
import { toast } from "./toast";

async function add(files: Iterable<File>, composer: Composer, limit: number): Promise<void> {
  for (const file of [...files]) {
    const { name, size } = file;
    // A character takes at most four bytes.
    if (size > limit * 4) {
      toast(translate("fileTooLarge", { name }));
      continue;
    }
    try {
      const { decode } = await import("./read-file");
      const text = decode(new Uint8Array(await file.arrayBuffer()));
      if (text === undefined) toast(translate("fileNotText", { name }));
      else composer.attach({ name, text });
    } catch {
      toast(translate("failedUnreachable"));
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
