// What the deployment tells the page: /config.json, written by the stack or by the local server.

/** An OpenID Connect issuer, Cognito's or another. */
export interface SignInConfig {
  type: "oidc";
  issuer: string;
  clientId: string;
  /** Separated by spaces. */
  scopes: string;
  /** The API that tokens are for, where the issuer wants it named. */
  audience?: string;
}

export interface Config {
  apiBase: string;
  /** Limit on the characters of all messages of a request together. */
  maxInputChars: number;
  /** Limit on the number of messages of a request. */
  maxMessages: number;
  /** What the temperature can be set to. */
  minTemperature: number;
  maxTemperature: number;
  /** A small demonstration model answers. */
  demo: boolean;
  /** `none`: whoever knows the address is let in. `keys`: programs with an API key are, and nobody else. */
  signIn: SignInConfig | { type: "none" | "keys" };
}

const defaults: Config = {
  apiBase: "/api/v1",
  maxInputChars: 100_000,
  maxMessages: 1000,
  minTemperature: 0,
  maxTemperature: 2,
  demo: false,
  signIn: { type: "none" },
};

/** On somebody's own machine: `make chat`. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);

export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch("/config.json");
    if (response.ok) return { ...defaults, ...((await response.json()) as Partial<Config>) };
  } catch {
    // Offline: the defaults are what nearly every deployment has.
  }
  return defaults;
}
