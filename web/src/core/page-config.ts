// Written by `make settings` from contracts/page_config.py and the settings that the page is told.

/** People of an OpenID Connect issuer, Cognito's or another. `scopes` are separated by spaces. */
export interface OidcSignIn {
  type: "oidc";
  issuer: string;
  clientId: string;
  scopes: string;
  audience?: string;
}

/** `none`: whoever knows the address is let in. `keys`: programs with an API key are, and nobody else. */
export interface OpenSignIn {
  type: "none" | "keys";
}

/** The deployment, as far as the page must know it. `demo`: a small demonstration model answers. */
export interface Config {
  apiBase: string;
  demo: boolean;
  signIn: OidcSignIn | OpenSignIn;
  /** The most characters of all messages of a request together. */
  maxInputChars: number;
  /** The most messages of a request. */
  maxMessages: number;
  /** The lowest temperature accepted. */
  minTemperature: number;
  /** The highest temperature accepted. */
  maxTemperature: number;
}

export const defaults: Config = {
  apiBase: "/api/v1",
  demo: false,
  signIn: { type: "none" },
  maxInputChars: 100000,
  maxMessages: 1000,
  minTemperature: 0,
  maxTemperature: 2,
};
