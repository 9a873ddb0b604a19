// Sorts conversations into the groups of the list.

import { t } from "../i18n/i18n";
import type { Conversation } from "../types";

const DAY = 86_400_000;

export interface Group {
  name: string;
  conversations: Conversation[];
}

/** `conversations` are in the order of the list already. */
export function grouped(conversations: Conversation[], now = new Date()): Group[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const name = ({ pinned, updated }: Conversation): string => {
    if (pinned) return t("pinned");
    if (updated >= midnight) return t("today");
    if (updated >= midnight - DAY) return t("yesterday");
    return t(updated >= midnight - 7 * DAY ? "week" : "earlier");
  };
  const groups: Group[] = [];
  for (const conversation of conversations) {
    const group = name(conversation);
    if (groups.at(-1)?.name !== group) groups.push({ name: group, conversations: [] });
    groups.at(-1)?.conversations.push(conversation);
  }
  return groups;
}
