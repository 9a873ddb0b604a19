// What went wrong, and what to do about it, in words.

import type { Key } from "../i18n/en";
import { t } from "../i18n/i18n";
import type { Failure, FailureKind, Message } from "../types";

const texts: Record<FailureKind, Key> = {
  offline: "failedOffline",
  unreachable: "failedUnreachable",
  silent: "failedSilent",
  cut: "failedCut",
  signed_out: "failedSignedOut",
  forbidden: "failedForbidden",
  not_found: "failedNotFound",
  too_large: "failedTooLarge",
  rate_limit: "failedRateLimit",
  rejected: "failedRejected",
  unavailable: "failedUnavailable",
  server: "failedServer",
};

function failureText({ kind, message, retryAfter }: Failure): string {
  const text =
    kind === "rate_limit" && retryAfter ? t("failedRateLimitIn", { seconds: retryAfter }) : t(texts[kind]);
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
