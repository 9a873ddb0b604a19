// What applies to one conversation only: its model and its system prompt.

import type { Session } from "../chat/session";
import { settings } from "../core/settings";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { choice, field, listModels, showDialog, textArea } from "./dialog";

export function open(session: Session): void {
  const { model, system } = session.conversation;
  const models = choice([["", translate("asInSettings")]], "", (value) =>
    session.adjust((conversation) => {
      if (value) conversation.model = value;
      else delete conversation.model;
    }),
  );
  void listModels(models, () => session.api.models(), model ?? "");

  const area = textArea(system ?? settings().system, (value) =>
    session.adjust((conversation) => {
      if (own.checked) conversation.system = value;
    }),
  );
  const own = h("input", { type: "checkbox", checked: system !== undefined });
  const wholeArea = field(translate("system"), area);
  wholeArea.hidden = !own.checked;
  own.addEventListener("change", () => {
    wholeArea.hidden = !own.checked;
    session.adjust((conversation) => {
      if (own.checked) conversation.system = area.value.trim();
      else delete conversation.system;
    });
  });
  showDialog(
    translate("thisConversation"),
    h("p", { class: "help" }, translate("conversationHelp")),
    field(translate("model"), models),
    h("label", { class: "check" }, own, translate("ownSystem")),
    wholeArea,
  );
}
