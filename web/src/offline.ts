// Registers the service worker. Trusted Types asks for a policy here: it allows this one script and nothing else.

const SCRIPT = "/sw.js";

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

export function startOffline(): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  const rules = {
    createScriptURL(url: string): string {
      if (url !== SCRIPT) throw new TypeError(url);
      return url;
    },
  };
  const policy = trustedTypes?.createPolicy("service-worker", rules) ?? rules;
  // After the page has loaded, so that caching does not compete with showing it.
  const register = () => {
    navigator.serviceWorker?.register(policy.createScriptURL(SCRIPT)).catch(() => undefined);
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
