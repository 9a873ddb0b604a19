// The line above the conversation: its title, and the model that answers.

import type { Library } from "../chat/library";
import type { Session } from "../chat/session";
import { settings, settingsChanged } from "../core/settings";
import { translate } from "../i18n/translate";
import { byId } from "./page";

export function startHeader(library: Library, session: Session): void {
  const show = () => {
    const { title, model } = session.conversation;
    byId("title").textContent = title || translate(session.messages.size ? "untitled" : "appName");
    document.title = title ? `${title} · ${translate("appName")}` : translate("appName");
    // The deployment's default has a name only once it has answered.
    const answered = session
      .path()
      .findLast((message) => message.role === "assistant" && message.model)?.model;
    byId("model").textContent = model || settings().model || answered || translate("defaultModel");
  };
  session.opened.on(show);
  session.changed.on(show);
  library.changed.on(show);
  settingsChanged.on(show);
  const button = byId("choose-model");
  button.addEventListener("click", async () => (await import("./model-menu")).chooseModel(button, session));
}
