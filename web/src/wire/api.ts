// HTTP to the chat endpoint: what every request needs, and the list of models.

import { type Access, openAccess } from "../access";
import { refused, unreachable } from "./failure";

export class Api {
  constructor(
    private readonly base: string,
    private readonly access: Access = openAccess,
  ) {}

  async models(): Promise<string[]> {
    const response = await this.#send("/models", {});
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  }

  /** Returns a response with a 2xx status; throws ChatError for everything else but an abort. */
  async post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const headers = { "content-type": "application/json", "x-amz-content-sha256": await sha256(bytes) };
    return this.#send(path, { method: "POST", headers, body: bytes, signal });
  }

  async #send(path: string, init: RequestInit, again = true): Promise<Response> {
    let response: Response;
    try {
      const headers = { ...(init.headers as Record<string, string>), ...(await this.access.headers()) };
      response = await fetch(this.base + path, { ...init, headers, cache: "no-store" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable();
    }
    if (response.ok) return response;
    if (response.status === 401 && again && (await this.access.renew())) return this.#send(path, init, false);
    throw await refused(response);
  }
}

/** CloudFront signs the request for the function, but only the sender can hash the body (origin access control). */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
