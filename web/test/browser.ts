// What the modules under test expect of a browser and Node 20 does not have.

import "fake-indexeddb/auto";

const kept = new Map<string, string>();

Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  },
  addEventListener: () => undefined,
  // Node's own would keep the process alive.
  BroadcastChannel: class {
    postMessage(): void {}
  },
  document: { documentElement: { lang: "en", dataset: {} }, addEventListener: () => undefined },
  reportError(error: unknown): void {
    throw error;
  },
});
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { language: "en", onLine: true } });
