// Sorts conversations into the groups of the list.

import type { Conversation } from "../core/types";
import { translate } from "../i18n/translate";

const DAY = 86_400_000;

export interface Group {
  name: string;
  conversations: Conversation[];
}

/** `conversations` are in the order of the list already. */
export function grouped(conversations: Conversation[], now = new Date()): Group[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const name = ({ pinned, updated }: Conversation): string => {
    if (pinned) return translate("pinned");
    if (updated >= midnight) return translate("today");
    if (updated >= midnight - DAY) return translate("yesterday");
    return translate(updated >= midnight - 7 * DAY ? "week" : "earlier");
  };
  const groups: Group[] = [];
  for (const conversation of conversations) {
    const group = name(conversation);
    if (groups.at(-1)?.name !== group) groups.push({ name: group, conversations: [] });
    groups.at(-1)?.conversations.push(conversation);
  }
  return groups;
}
