// What applies to one conversation only: its model and its system prompt.

import type { Session } from "../chat/session";
import { h } from "../render/element";
import { settings } from "../settings";
import { choice, field, listModels, showDialog, textArea } from "./dialog";
import { w } from "./words";

export function open(session: Session): void {
  const { model, system } = session.conversation;
  const models = choice([["", w("asInSettings")]], "", (value) =>
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
  const wholeArea = field(w("system"), area);
  wholeArea.hidden = !own.checked;
  own.addEventListener("change", () => {
    wholeArea.hidden = !own.checked;
    session.adjust((conversation) => {
      if (own.checked) conversation.system = area.value.trim();
      else delete conversation.system;
    });
  });
  showDialog(
    w("conversation"),
    h("p", { class: "help" }, w("conversationHelp")),
    field(w("model"), models),
    h("label", { class: "check" }, own, w("ownSystem")),
    wholeArea,
  );
}
