// What is left of the day's share: a quiet line below the message box once it is little, and all of it in the menu.

import type { Session } from "../chat/session";
import { number, t, time } from "../i18n/i18n";
import { h } from "../render/element";
import { reconcile } from "../render/reconcile";
import type { Api } from "../wire/api";
import { type Left, portion, type Share } from "../wire/limits";
import { byId } from "./page";

const LITTLE = 0.2;

/** Returns what brings the words up to date when the language changes. */
export function startLeft(session: Session): () => void {
  const line = byId("left");
  const { api } = session;
  let known: Left | undefined;
  let full = false;
  let timer = 0;

  const show = () => {
    const little = known && known.resets > Date.now() && (full || portion(known) < LITTLE);
    line.hidden = !little;
    if (!known || !little) return;
    const percent = number(portion(known), { style: "percent" });
    line.textContent = t("leftPercent", { percent, time: time(known.resets) });
    clearTimeout(timer);
    timer = setTimeout(show, known.resets - Date.now() + 1000);
  };

  const count = async () => {
    known = await api.usage().catch(() => known);
    show();
  };
  api.left.on((left) => {
    known = left;
  });
  session.answerStarted.on((answer) => {
    answer.ended.on(() => {
      full = answer.message.failure?.kind === "daily_limit";
      // The headers took off the most that the answer could come to: only now it is known what it really was.
      if (full || (known && portion(known) < LITTLE)) void count();
      else show();
    });
  });
  return show;
}

/** Fills `place` with all that is left. */
export async function showLeft(place: HTMLElement, api: Api): Promise<void> {
  try {
    const { requests, tokens, resets } = await api.usage();
    const shares = [
      requests && meter(t("leftRequests", words(requests)), requests),
      tokens && meter(t("leftTokens", words(tokens)), tokens),
    ].filter((share) => share !== undefined);
    const all = shares.length ? h("ul", {}, ...shares) : h("p", {}, t("leftNoLimit"));
    reconcile(place, shares.length ? [all, h("p", {}, t("leftResets", { time: time(resets) }))] : [all]);
  } catch {
    reconcile(place, [h("p", {}, t("leftUnknown"))]);
  }
}

const words = ({ left, limit }: Share) => ({ left: number(left), limit: number(limit) });

const meter = (text: string, { left, limit }: Share): HTMLElement =>
  h("li", {}, text, h("progress", { value: left, max: limit, "aria-label": text }));
