// The line above the conversation: its title, and the model that answers.

import type { Library } from "../chat/library";
import type { Session } from "../chat/session";
import { t } from "../i18n/i18n";
import { settings, settingsChanged } from "../settings";
import { byId } from "./page";

export function startHeader(library: Library, session: Session): void {
  const show = () => {
    const { title, model } = session.conversation;
    const words = title || t("newConversation");
    byId("title").textContent = words;
    document.title = title ? `${title} · ${t("appName")}` : t("appName");
    byId("model").textContent = model || settings().model || t("defaultModel");
  };
  session.opened.on(show);
  session.changed.on(show);
  library.changed.on(show);
  settingsChanged.on(show);
}
