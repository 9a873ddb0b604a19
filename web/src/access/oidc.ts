// OpenID Connect: authorization code with PKCE, refresh tokens, sign-out. Loaded when one of them is needed.

import * as oauth from "oauth4webapi";
import { isLoopback, type SignInConfig } from "../core/config";
import { SignInError, type SignInProblem } from "./problem";
import type { Attempt, Tokens } from "./tab";

const TIMEOUT_MS = 10_000;

/** Tokens are renewed when so little of their life is left: a fifth, but no more than a minute. */
const RENEW_BEFORE_MS = 60_000;

/** For issuers that do not say how long a token is good; the function has the last word anyway. */
const DEFAULT_LIFETIME_SECONDS = 3600;

let discovered: oauth.AuthorizationServer | undefined;

const client = ({ clientId }: SignInConfig): oauth.Client => ({ client_id: clientId });

function options({ issuer }: SignInConfig) {
  const insecure = isLoopback(new URL(issuer).hostname); // the issuer of `make chat SIGN_IN=1`
  return { signal: AbortSignal.timeout(TIMEOUT_MS), [oauth.allowInsecureRequests]: insecure };
}

async function discover(config: SignInConfig): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(config.issuer);
  discovered ??= await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, options(config)),
  );
  return discovered;
}

/** Where the person signs in, and what to remember until they are back at `page`. */
export async function authorization(
  config: SignInConfig,
  page: string,
): Promise<{ url: URL; attempt: Omit<Attempt, "back"> }> {
  const { authorization_endpoint: endpoint } = await withSignInErrors(discover(config));
  if (!endpoint) throw new SignInError("failed");
  const verifier = oauth.generateRandomCodeVerifier();
  const attempt = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier };
  const url = withParameters(endpoint, {
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: page,
    scope: config.scopes,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // Some issuers make a token for an API only if it is named; others pay no attention to what they do not know.
    ...(config.audience ? { audience: config.audience } : {}),
  });
  return { url, attempt };
}

/** The tokens for the code with which the issuer sent the person back. */
export const exchange = (
  config: SignInConfig,
  page: string,
  answer: URLSearchParams,
  { state, nonce, verifier }: Attempt,
): Promise<Tokens> =>
  withSignInErrors(
    (async () => {
      const server = await discover(config);
      const checked = oauth.validateAuthResponse(server, client(config), answer, state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client(config),
        oauth.None(),
        checked,
        page,
        verifier,
        options(config),
      );
      const result = await oauth.processAuthorizationCodeResponse(server, client(config), response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      return tokensOf(result);
    })(),
  );

/** New tokens for the old ones' refresh token. */
export const renewed = (config: SignInConfig, refresh: string, before: Tokens): Promise<Tokens> =>
  withSignInErrors(
    (async () => {
      const server = await discover(config);
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client(config),
        oauth.None(),
        refresh,
        options(config),
      );
      const result = await oauth.processRefreshTokenResponse(server, client(config), response);
      const tokens = { ...before, ...tokensOf(result) };
      if (tokens.subject !== before.subject) throw new SignInError("ended"); // somebody else's
      return tokens;
    })(),
  );

/** Ends what the issuer knows of this session; returns where the person has to go for the rest, if anywhere. */
export const signOut = (config: SignInConfig, page: string, refresh?: string): Promise<URL | undefined> =>
  withSignInErrors(
    (async () => {
      const server = await discover(config);
      if (refresh && server.revocation_endpoint) {
        await oauth
          .revocationRequest(server, client(config), oauth.None(), refresh, options(config))
          .catch(() => undefined); // the issuer's own page does it, too
      }
      // Cognito's /logout has parameters of its own and is not in every pool's metadata.
      if (new URL(config.issuer).hostname.startsWith("cognito-idp.") && server.authorization_endpoint) {
        const url = new URL("/logout", server.authorization_endpoint).href;
        return withParameters(url, { client_id: config.clientId, logout_uri: page });
      }
      // Without id_token_hint, which would leave a token in the browser's history: the issuer may ask once more.
      const parameters = { client_id: config.clientId, post_logout_redirect_uri: page };
      return server.end_session_endpoint
        ? withParameters(server.end_session_endpoint, parameters)
        : undefined;
    })(),
  );

function withParameters(address: string, parameters: Record<string, string>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

function tokensOf(result: oauth.TokenEndpointResponse): Tokens {
  const claims = oauth.getValidatedIdTokenClaims(result);
  const name = [claims?.email, claims?.preferred_username, claims?.name].find((claim) => claim);
  const life = (result.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1000;
  const expires = Date.now() + life;
  return {
    access: result.access_token,
    ...(result.refresh_token ? { refresh: result.refresh_token } : {}),
    ...(claims ? { subject: claims.sub } : {}),
    ...(typeof name === "string" ? { name } : {}),
    renewAt: expires - Math.min(RENEW_BEFORE_MS, life / 5),
    expires,
  };
}

/** Whatever goes wrong becomes a SignInError. */
async function withSignInErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof SignInError ? error : new SignInError(problemOf(error), error);
  }
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof oauth.AuthorizationResponseError) {
    if (error.error === "access_denied") return "refused";
    return /^(server_error|temporarily_unavailable)$/.test(error.error) ? "unreachable" : "failed";
  }
  if (error instanceof oauth.ResponseBodyError) {
    if (error.error === "invalid_grant") return "ended";
    return error.status >= 500 ? "unreachable" : "failed";
  }
  if (error instanceof oauth.OperationProcessingError) {
    return error.cause instanceof Response && error.cause.status >= 500 ? "unreachable" : "failed";
  }
  // fetch() rejects with a bare TypeError; the library's own have a code.
  const network = error instanceof TypeError && !("code" in error);
  return network || error instanceof DOMException ? "unreachable" : "failed";
}
