// What went wrong, and what to do about it, in words.

import type { Key } from "../i18n/en";
import { t, time } from "../i18n/i18n";
import type { Failure, FailureKind, Message } from "../types";

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
  if (retryAfter && kind === "rate_limit") return t("failedRateLimitIn", { seconds: retryAfter });
  if (retryAfter && at) return t("failedDailyLimit", { time: time(at + retryAfter * 1000) });
  return t(texts[kind]);
}

function failureText(failure: Failure): string {
  const { message } = failure;
  const text = words(failure);
  return message ? `${text} ${t("serverSaid", { message })}` : text;
}

/** What stands below a message whose end was not a good one. */
export function noteText({ status, failure, truncated }: Message, live: boolean): string {
  if (status === "streaming") return live ? "" : t("answeredElsewhere");
  if (status === "stopped") return t("answerStopped");
  if (truncated) return t("answerTruncated");
  if (failure) return failureText(failure);
  return status === "interrupted" ? t("interrupted") : "";
}
