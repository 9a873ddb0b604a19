// What the deployment tells the page: /config.json, written by the stack or by the local server.

import { type Config, defaults } from "./page-config";

export type { Config, OidcSignIn as SignInConfig } from "./page-config";

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
