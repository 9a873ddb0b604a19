// Registers the service worker.

import { scriptUrl } from "./dom/script-url";

export function startOffline(): void {
  // After the page has loaded, so that caching does not compete with showing it.
  const register = () => {
    navigator.serviceWorker?.register(scriptUrl("/sw.js")).catch(() => undefined);
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
