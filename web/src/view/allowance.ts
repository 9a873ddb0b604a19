// The day's allowance: a quiet line below the message box once it is little, and all of it in the menu.

import type { Session } from "../chat/session";
import { h } from "../dom/element";
import { reconcile } from "../dom/reconcile";
import { number, time, translate } from "../i18n/translate";
import { type Allowance, type Quota, remainingPart } from "../wire/allowance";
import type { Api } from "../wire/api";
import { byId } from "./page";

const LITTLE = 0.2;

/** Returns what brings the words up to date when the language changes. */
export function startAllowance(session: Session): () => void {
  const line = byId("allowance");
  const { api } = session;
  let known: Allowance | undefined;
  let full = false;
  let timer = 0;

  const show = () => {
    const little = known && known.resets > Date.now() && (full || remainingPart(known) < LITTLE);
    line.hidden = !little;
    if (!known || !little) return;
    const percent = number(remainingPart(known), { style: "percent" });
    line.textContent = translate("allowancePercent", { percent, time: time(known.resets) });
    clearTimeout(timer);
    timer = setTimeout(show, known.resets - Date.now() + 1000);
  };

  const count = async () => {
    known = await api.usage().catch(() => known);
    show();
  };
  api.allowance.on((allowance) => {
    known = allowance;
  });
  session.answerStarted.on((answer) => {
    answer.ended.on(() => {
      full = answer.message.failure?.kind === "daily_limit";
      // The headers took off the most that the answer could come to: only now it is known what it really was.
      if (full || (known && remainingPart(known) < LITTLE)) void count();
      else show();
    });
  });
  return show;
}

/** Fills `place` with all that is left. */
export async function showAllowance(place: HTMLElement, api: Api): Promise<void> {
  try {
    const { requests, tokens, resets } = await api.usage();
    const quotas = [
      requests && meter(translate("allowanceRequests", words(requests)), requests),
      tokens && meter(translate("allowanceTokens", words(tokens)), tokens),
    ].filter((quota) => quota !== undefined);
    const all = quotas.length ? h("ul", {}, ...quotas) : h("p", {}, translate("allowanceNoLimit"));
    reconcile(
      place,
      quotas.length ? [all, h("p", {}, translate("allowanceResets", { time: time(resets) }))] : [all],
    );
  } catch {
    reconcile(place, [h("p", {}, translate("allowanceUnknown"))]);
  }
}

const words = ({ remaining, limit }: Quota) => ({ remaining: number(remaining), limit: number(limit) });

const meter = (text: string, { remaining, limit }: Quota): HTMLElement =>
  h("li", {}, text, h("progress", { value: remaining, max: limit, "aria-label": text }));
