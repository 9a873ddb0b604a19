// Opens the dialogs, each loaded when first asked for.

import type { Session } from "../chat/session";
import { t } from "../i18n/i18n";
import { toast } from "./toast";

const dialogs = {
  settings: () => import("../dialogs/settings"),
  conversation: () => import("../dialogs/conversation"),
  shortcuts: () => import("../dialogs/shortcuts"),
};

export async function openDialog(name: keyof typeof dialogs, session: Session): Promise<void> {
  if (document.querySelector("dialog[open]")) return;
  try {
    const { open } = await dialogs[name]();
    open(session);
  } catch {
    toast(t("failedUnreachable"));
  }
}
