// The line above the conversation: its title, and the model that answers.

import type { Library } from "../chat/library";
import type { Session } from "../chat/session";
import { settings, settingsChanged } from "../core/settings";
import { translate } from "../i18n/translate";
import { byId } from "./page";

export function startHeader(library: Library, session: Session): void {
  const show = () => {
    const { title, model } = session.conversation;
    const words = title || translate("newConversation");
    byId("title").textContent = words;
    document.title = title ? `${title} · ${translate("appName")}` : translate("appName");
    byId("model").textContent = model || settings().model || translate("defaultModel");
  };
  session.opened.on(show);
  session.changed.on(show);
  library.changed.on(show);
  settingsChanged.on(show);
}
