// service-worker/: a program of its own, beside the page.
//
// Keeps the shell of the page for when there is no network. Never touches the API: an answer is never from a cache.

declare const SHELL: string[];
const worker = self as unknown as ServiceWorkerGlobalScope;

// The shell's file names carry hashes of their content, so their list is the version.
const CACHE = `shell ${SHELL.join(" ")}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...SHELL, "/config.json"])));
});

worker.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(drop());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request));
  else if (request.mode === "navigate" && pathname === "/") event.respondWith(networkFirst("/", request));
  else if (pathname === "/config.json") event.respondWith(networkFirst(request, request));
});

/** Assets never change under their name. */
async function cacheFirst(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

async function networkFirst(key: RequestInfo, request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(key);
    if (kept) return kept;
    throw error;
  }
}
