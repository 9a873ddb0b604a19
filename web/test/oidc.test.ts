// What the local provider does not do: Cognito's sign-out, issuers that fail in all the ways there are.

import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { authorization, exchange, renewed, signOut } from "../src/access/oidc";
import { SignInError } from "../src/access/problem";
import type { Tokens } from "../src/access/tab";
import type { SignInConfig } from "../src/core/config";

const PAGE = "https://chat.example/";
const COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool";
const config: SignInConfig = { type: "oidc", issuer: COGNITO, clientId: "page", scopes: "openid chat/use" };
const tokens: Tokens = { access: "a", refresh: "r", subject: "me", renewAt: 0, expires: 0 };
const metadata = {
  issuer: COGNITO,
  authorization_endpoint: "https://people.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
  token_endpoint: "https://people.auth.eu-west-1.amazoncognito.com/oauth2/token",
  revocation_endpoint: "https://people.auth.eu-west-1.amazoncognito.com/oauth2/revoke",
};

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

let asked: { path: string; body: string }[] = [];
let token: () => Response;
const real = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  asked.push({ path: pathname, body: String((init?.body as URLSearchParams | undefined) ?? "") });
  if (pathname.endsWith("/openid-configuration")) return json(metadata);
  return pathname.endsWith("/revoke") ? new Response() : token();
};
after(() => {
  globalThis.fetch = real;
});
beforeEach(() => {
  asked = [];
});

const problem = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.catch((reason: unknown) => reason);
  assert.ok(error instanceof SignInError);
  return error.problem;
};

test("the way to the issuer has state, nonce and a challenge, and not the verifier", async () => {
  const { url, attempt } = await authorization({ ...config, audience: "https://api.example" }, PAGE);
  const parameters = Object.fromEntries(url.searchParams);

  assert.equal(url.origin + url.pathname, metadata.authorization_endpoint);
  assert.equal(parameters.redirect_uri, PAGE);
  assert.equal(parameters.scope, "openid chat/use");
  assert.equal(parameters.state, attempt.state);
  assert.equal(parameters.nonce, attempt.nonce);
  assert.equal(parameters.code_challenge_method, "S256");
  assert.equal(parameters.audience, "https://api.example");
  assert.ok(!url.href.includes(attempt.verifier));
});

test("Cognito signs out by parameters of its own, after the refresh token is revoked", async () => {
  const url = await signOut(config, PAGE, "r");

  assert.equal(
    url?.href,
    "https://people.auth.eu-west-1.amazoncognito.com/logout?client_id=page&logout_uri=https%3A%2F%2Fchat.example%2F",
  );
  const revoked = asked.find(({ path }) => path === "/oauth2/revoke");
  assert.match(revoked?.body ?? "", /token=r/);
});

for (const [told, response, expected] of [
  ["a session the issuer does not know", () => json({ error: "invalid_grant" }, 400), "ended"],
  ["a client it does not know", () => json({ error: "invalid_client" }, 400), "failed"],
  ["an issuer in trouble", () => new Response("", { status: 503 }), "unreachable"],
  ["an answer that is no JSON", () => new Response("<html>", { status: 200 }), "failed"],
] as const) {
  test(`renewing: ${told} is ${expected}`, async () => {
    token = response;

    assert.equal(await problem(renewed(config, "r", tokens)), expected);
  });
}

test("renewing: no connection ends nothing", async () => {
  token = () => {
    throw new TypeError("Failed to fetch");
  };

  assert.equal(await problem(renewed(config, "r", tokens)), "unreachable");
});

test("renewing: what the issuer does not send again stays", async () => {
  token = () => json({ access_token: "b", token_type: "Bearer", expires_in: 100 });
  const before = Date.now();
  const { access, refresh, subject, renewAt, expires } = await renewed(config, "r", tokens);

  assert.deepEqual([access, refresh, subject], ["b", "r", "me"]);
  assert.ok(expires - before >= 100_000);
  assert.equal(expires - renewAt, 20_000);
});

test("renewing: somebody else's tokens are not taken", async () => {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: COGNITO, aud: "page", sub: "somebody else", iat: now, exp: now + 60 };
  const id = `${part({ alg: "RS256" })}.${part(claims)}.${part("signature")}`;
  token = () => json({ access_token: "b", token_type: "Bearer", expires_in: 100, id_token: id });

  assert.equal(await problem(renewed(config, "r", tokens)), "ended");
});

test("coming back: another state, a refusal, and an issuer in trouble are told apart", async () => {
  const attempt = { state: "s", nonce: "n", verifier: "v", back: "" };
  const back = (query: string) => problem(exchange(config, PAGE, new URLSearchParams(query), attempt));

  assert.equal(await back("code=c&state=other"), "failed");
  assert.equal(await back("error=access_denied&state=s"), "refused");
  assert.equal(await back("error=temporarily_unavailable&state=s"), "unreachable");
  assert.ok(!asked.some(({ path }) => path === "/oauth2/token"));
});
