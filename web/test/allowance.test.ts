import assert from "node:assert/strict";
import { test } from "node:test";
import { allowanceFromHeaders, allowanceFromUsage, remainingPart } from "../src/wire/allowance";

const headers = (unit: string, left: number, limit: number, reset: string) => ({
  [`x-ratelimit-limit-${unit}`]: String(limit),
  [`x-ratelimit-remaining-${unit}`]: String(left),
  [`x-ratelimit-reset-${unit}`]: reset,
});

test("headers say what is left and until when", () => {
  const before = Date.now();
  const allowance = allowanceFromHeaders(
    new Headers({ ...headers("requests", 3, 4, "5h12m3s"), ...headers("tokens", 100, 1000, "5h12m3s") }),
  );

  assert.deepEqual(allowance?.requests, { remaining: 3, limit: 4 });
  assert.deepEqual(allowance.tokens, { remaining: 100, limit: 1000 });
  const seconds = (allowance.resets - before) / 1000 - (5 * 3600 + 12 * 60 + 3);
  assert.ok(seconds >= 0 && seconds < 5);
  assert.equal(remainingPart(allowance), 0.1);
});

test("without a limit nothing is said", () => {
  assert.equal(allowanceFromHeaders(new Headers()), undefined);
});

test("the document says the same; what has no limit is not in it", () => {
  const allowance = allowanceFromUsage({
    requests: { used: 12, limit: 10 },
    tokens: { used: null, limit: null },
    resets_at: "2026-02-01T00:00:00Z",
  });

  assert.deepEqual(allowance, { requests: { remaining: 0, limit: 10 }, resets: Date.UTC(2026, 1, 1) });
  assert.equal(remainingPart({ resets: 0 }), 1);
});
