// Turns whatever went wrong on the way to the model into one of a few kinds a person can act on.

import type { Failure, FailureKind } from "../core/types";

export class ChatError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

const byStatus: Record<number, FailureKind> = {
  401: "signed_out",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  429: "rate_limit",
  502: "unavailable",
  503: "unavailable",
  504: "silent",
};

/** The function's own codes, where they say more than the status (docs/security.md). */
const byCode: Record<string, FailureKind> = {
  context_length_exceeded: "too_large",
  insufficient_quota: "no_credit",
  daily_limit_reached: "daily_limit",
  not_invited: "not_invited",
  upstream_key_refused: "unavailable", // a 401 or 403 about the deployment's key, not about the person
};

/** How servers without codes of their own say that a conversation is longer than the model's context. */
const TOO_LONG = /context (length|window|size)|prompt is too long|too many (input )?tokens/i;

interface ErrorBody {
  error?: { message?: unknown; code?: unknown };
}

const words = (body: ErrorBody | undefined): string =>
  typeof body?.error?.message === "string" ? body.error.message : "";

/** `Retry-After` is seconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** What the error says about itself. */
const kindOf = (body: ErrorBody | undefined): FailureKind | undefined =>
  byCode[String(body?.error?.code)] ?? (TOO_LONG.test(words(body)) ? "too_large" : undefined);

export async function refused(response: Response): Promise<ChatError> {
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  const kind = kindOf(body) ?? byStatus[response.status] ?? (response.status < 500 ? "rejected" : "server");
  const seconds = retryAfter(response.headers);
  return new ChatError({
    kind,
    message: words(body),
    ...(seconds === undefined ? {} : { retryAfter: seconds, at: Date.now() }),
  });
}

/** An error that arrived inside the stream, after a 200. */
export const inBand = (body: ErrorBody): ChatError =>
  new ChatError({ kind: kindOf(body) ?? "server", message: words(body) });

export const failed = (kind: FailureKind, message = ""): ChatError => new ChatError({ kind, message });

/** fetch() rejects with a bare TypeError whatever the reason. */
export const unreachable = (): ChatError => failed(navigator.onLine ? "unreachable" : "offline");
