// What went wrong, and what to do about it, in words.

import type { Failure, FailureKind, Message } from "../core/types";
import { type Key, time, translate } from "../i18n/translate";

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
  daily_limit: "failedRateLimit",
  rejected: "failedRejected",
  unavailable: "failedUnavailable",
  server: "failedServer",
};

function words({ kind, retryAfter, at }: Failure): string {
  if (retryAfter && kind === "rate_limit") return translate("failedRateLimitIn", { seconds: retryAfter });
  if (retryAfter && at) return translate("failedDailyLimit", { time: time(at + retryAfter * 1000) });
  return translate(texts[kind]);
}

function failureText(failure: Failure): string {
  const { message } = failure;
  const text = words(failure);
  return message ? `${text} ${translate("serverSaid", { message })}` : text;
}

/** What stands below a message whose end was not a good one. */
export function noteText({ status, failure, truncated }: Message, live: boolean): string {
  if (status === "streaming") return live ? "" : translate("answeredElsewhere");
  if (status === "stopped") return translate("answerStopped");
  if (truncated) return translate("answerTruncated");
  if (failure) return failureText(failure);
  return status === "interrupted" ? translate("interrupted") : "";
}
