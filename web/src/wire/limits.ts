// What is left of a day's share, as the function tells it: in the headers of an answer, and at /usage.

export interface Share {
  left: number;
  limit: number;
}

export interface Left {
  requests?: Share;
  tokens?: Share;
  /** Milliseconds since 1970. */
  resets: number;
}

/** The part of a day that is left, by the scarcer of the two: 0 to 1. */
export function portion({ requests, tokens }: Left): number {
  return Math.min(1, ...[requests, tokens].map((share) => (share ? share.left / share.limit : 1)));
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** Headers take off what an answer may come to at most; undefined if there is no limit. */
export function leftInHeaders(headers: Headers): Left | undefined {
  const left: Left = { resets: 0 };
  for (const unit of ["requests", "tokens"] as const) {
    const limit = Number(headers.get(`x-ratelimit-limit-${unit}`));
    if (!limit) continue;
    left[unit] = { left: Number(headers.get(`x-ratelimit-remaining-${unit}`)), limit };
    // 5h12m3s
    const parts = headers.get(`x-ratelimit-reset-${unit}`)?.matchAll(/(\d+)([hms])/g) ?? [];
    let seconds = 0;
    for (const [, count, per = ""] of parts) seconds += Number(count) * (UNITS[per] ?? 0);
    left.resets = Date.now() + seconds * 1000;
  }
  return left.resets ? left : undefined;
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

export function leftInDocument({ requests, tokens, resets_at }: UsageDocument): Left {
  const share = ({ used, limit }: Count) => limit && { left: Math.max(0, limit - (used ?? 0)), limit };
  const [ofRequests, ofTokens] = [share(requests), share(tokens)];
  return {
    ...(ofRequests ? { requests: ofRequests } : {}),
    ...(ofTokens ? { tokens: ofTokens } : {}),
    resets: Date.parse(resets_at),
  };
}
