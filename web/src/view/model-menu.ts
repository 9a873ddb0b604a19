// The deployment's models, to choose one of. Loaded when first opened.

import type { Session } from "../chat/session";
import type { Message } from "../core/types";
import { settings } from "../core/settings";
import { translate } from "../i18n/translate";
import { openDialog } from "./dialogs";
import { openMenu } from "./menu";
import { toast } from "./toast";

async function load(session: Session): Promise<string[] | undefined> {
  try {
    return await session.api.models();
  } catch {
    toast(translate("modelsNotLoaded"));
    return undefined;
  }
}

/** For the conversation on screen, from now on. */
export async function chooseModel(button: HTMLElement, session: Session): Promise<void> {
  const models = await load(session);
  const chosen = session.conversation.model ?? "";
  const choose = (model: string) =>
    session.adjust((conversation) => {
      if (model) conversation.model = model;
      else delete conversation.model;
      delete conversation.room; // another model, another limit
    });
  const standard = settings().model;
  const names = [...new Set([...(chosen ? [chosen] : []), ...(models ?? [])])];
  openMenu(button, [
    {
      label: standard ? `${translate("asSet")}: ${standard}` : translate("defaultModel"),
      chosen: !chosen,
      run: () => choose(""),
    },
    ...names.map((label) => ({ label, chosen: label === chosen, run: () => choose(label) })),
    {
      label: translate("conversationSettings"),
      apart: true,
      run: () => void openDialog("conversation", session),
    },
  ]);
}

/** For one more answer to the same question. */
export async function answerWith(button: HTMLElement, message: Message, session: Session): Promise<void> {
  const models = await load(session);
  if (!models) return;
  openMenu(
    button,
    models.map((label) => ({
      label,
      chosen: label === message.model,
      run: () => session.regenerate(message, label),
    })),
  );
}
