// What went wrong, and what to do about it, in words.

import type { Failure, FailureKind, Message } from "../core/types";
import { type Key, number, time, translate } from "../i18n/translate";

const texts: Record<FailureKind, Key> = {
  offline: "failedOffline",
  unreachable: "failedUnreachable",
  silent: "failedSilent",
  cut: "failedCut",
  signed_out: "failedSignedOut",
  sign_in_unreachable: "failedSignInUnreachable",
  not_invited: "failedNotInvited",
  forbidden: "failedForbidden",
  not_found: "failedNotFound",
  too_large: "failedTooLarge",
  rate_limit: "failedRateLimit",
  no_credit: "failedNoCredit",
  daily_limit: "failedRateLimit",
  rejected: "failedRejected",
  unavailable: "failedUnavailable",
  server: "failedServer",
  tools: "failedTools",
  filtered: "failedFiltered",
  empty: "failedEmpty",
};

/** Seconds until trying again makes sense; undefined if nobody said, 0 if they are over. */
export function secondsLeft({ retryAfter, at }: Failure): number | undefined {
  if (!retryAfter || !at) return undefined;
  return Math.max(0, Math.ceil((at + retryAfter * 1000 - Date.now()) / 1000));
}

/** What happened and what to do about it. */
function failureText(failure: Failure): string {
  const { kind, message, retryAfter = 0, at = 0 } = failure;
  if (kind === "tools") return translate(message ? "failedTools" : "failedToolsUnnamed", { message });
  const seconds = secondsLeft(failure);
  if (seconds === undefined) return translate(texts[kind]);
  if (kind === "daily_limit") return translate("failedDailyLimit", { time: time(at + retryAfter * 1000) });
  const cause = translate(kind === "rate_limit" ? "tooManyRequests" : texts[kind]);
  const gap = cause.endsWith("。") ? "" : " ";
  return `${cause}${gap}${seconds ? translate("retryIn", { seconds: number(seconds) }) : translate("retryNow")}`;
}

/** What stands below a message whose end was not a good one. */
export function noteText({ status, failure, truncated }: Message, live: boolean): string {
  if (status === "streaming") return live ? "" : translate("answeredElsewhere");
  if (status === "stopped") return translate("answerStopped");
  if (truncated) return translate("answerTruncated");
  if (failure) return failureText(failure);
  return status === "interrupted" ? translate("interrupted") : "";
}
