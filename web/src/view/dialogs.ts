// Opens the dialogs, each loaded when first asked for.

import type { Session } from "../chat/session";
import { loadWords, translate } from "../i18n/translate";
import { toast } from "./toast";

const removeAll = async (session: Session): Promise<void> =>
  (await import("./conversation-menu")).removeAll(session.library, session);

const dialogs = {
  settings: () => import("../dialogs/settings"),
  conversation: () => import("../dialogs/conversation"),
  shortcuts: () => import("../dialogs/shortcuts"),
};

export async function openDialog(name: keyof typeof dialogs, session: Session): Promise<void> {
  if (document.querySelector("dialog[open]")) return;
  try {
    const [{ open }] = await Promise.all([dialogs[name](), loadWords("dialogs")]);
    open(session, () => void removeAll(session));
  } catch {
    toast(translate("failedUnreachable"));
  }
}
