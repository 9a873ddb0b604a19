// What the deployment tells the page: /config.json, written by the stack or by the local server.

export interface Config {
  apiBase: string;
  /** Limit on the characters of all messages of a request together. */
  maxInputChars: number;
  /** A small demonstration model answers. */
  demo: boolean;
  signIn: { type: string };
}

const defaults: Config = {
  apiBase: "/api/v1",
  maxInputChars: 100_000,
  demo: false,
  signIn: { type: "none" },
};

export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch("/config.json");
    if (response.ok) return { ...defaults, ...((await response.json()) as Partial<Config>) };
  } catch {
    // Offline: the defaults are what nearly every deployment has.
  }
  return defaults;
}
