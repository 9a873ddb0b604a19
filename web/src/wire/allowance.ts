// The day's allowance, as the function tells it: in the headers of an answer, and at /usage.

export interface Quota {
  remaining: number;
  limit: number;
}

export interface Allowance {
  requests?: Quota;
  tokens?: Quota;
  /** Milliseconds since 1970. */
  resets: number;
}

/** The part of the allowance that remains, by the scarcer of the two: 0 to 1. */
export function remainingPart({ requests, tokens }: Allowance): number {
  return Math.min(1, ...[requests, tokens].map((quota) => (quota ? quota.remaining / quota.limit : 1)));
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** Headers take off what an answer may come to at most; undefined if there is no limit. */
export function allowanceFromHeaders(headers: Headers): Allowance | undefined {
  const allowance: Allowance = { resets: 0 };
  for (const unit of ["requests", "tokens"] as const) {
    const limit = Number(headers.get(`x-ratelimit-limit-${unit}`));
    if (!limit) continue;
    allowance[unit] = { remaining: Number(headers.get(`x-ratelimit-remaining-${unit}`)), limit };
    // 5h12m3s
    const parts = headers.get(`x-ratelimit-reset-${unit}`)?.matchAll(/(\d+)([hms])/g) ?? [];
    let seconds = 0;
    for (const [, count, per = ""] of parts) seconds += Number(count) * (UNITS[per] ?? 0);
    allowance.resets = Date.now() + seconds * 1000;
  }
  return allowance.resets ? allowance : undefined;
}

interface Count {
  used: number | null;
  limit: number | null;
}

export interface UsageDocument {
  requests: Count;
  tokens: Count;
  resets_at: string;
}

export function allowanceFromUsage({ requests, tokens, resets_at }: UsageDocument): Allowance {
  const quota = ({ used, limit }: Count) => limit && { remaining: Math.max(0, limit - (used ?? 0)), limit };
  const [ofRequests, ofTokens] = [quota(requests), quota(tokens)];
  return {
    ...(ofRequests ? { requests: ofRequests } : {}),
    ...(ofTokens ? { tokens: ofTokens } : {}),
    resets: Date.parse(resets_at),
  };
}
