// Trusted Types asks for a policy before a script may run as a worker: this one allows the page's own and no other.

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): typeof rules;
}

declare global {
  /** The address of the built render/highlighter.ts. */
  const HIGHLIGHTER: string;
}

const rules = {
  createScriptURL(url: string): string {
    if (url !== "/sw.js" && url !== HIGHLIGHTER) throw new TypeError(url);
    return url;
  },
};

// The one policy that the page's Content-Security-Policy allows.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("service-worker", rules) ?? rules;

export const scriptUrl = (url: string): string => policy.createScriptURL(url);
