// The OpenID provider of `make chat SIGN_IN=1`: a real one (oidc-provider), on this machine, that takes any name and
// password.
//
//     node local/issuer.mjs CLIENT_ID SCOPE
//
// Prints its issuer URL when it is ready and ends when its standard input does, so it cannot outlive who started it.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

const [clientId, scope] = process.argv.slice(2);
const pageHosts = ["localhost", "127.0.0.1"];
const pages = pageHosts.map((host) => `http://${host}/`); // of any port: RFC 8252 §7.3
const ACCESS_TOKEN_SECONDS = Number(process.env.ACCESS_TOKEN_SECONDS ?? 3600);

const print = process.stdout.write.bind(process.stdout);
console.warn = console.info = console.log = () => {}; // its advice is for the internet, not for this machine

const { default: Provider } = await import("oidc-provider");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: "jwk" }), kid: randomBytes(8).toString("hex"), use: "sig", alg: "RS256" };
const api = "urn:lambda-stream-chat";

const configuration = {
  clients: [
    {
      client_id: clientId,
      application_type: "native", // loopback addresses without TLS
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: pages,
      post_logout_redirect_uris: pages,
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  scopes: ["openid", "email", "offline_access", scope],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  clientBasedCORS: (_context, origin) => pageHosts.includes(new URL(origin).hostname),
  conformIdTokenClaims: false, // the address is in the ID token, as Cognito has it
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true }),
  }),
  issueRefreshToken: (_context, client) => client.grantTypeAllowed("refresh_token"),
  ttl: {
    AccessToken: ACCESS_TOKEN_SECONDS,
    Grant: 86_400,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 86_400,
    Session: 86_400,
  },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => api,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience: api,
        accessTokenFormat: "jwt",
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", new Provider(issuer, configuration).callback());
  print(`${issuer}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
