// HTTP to the chat endpoint: what every request needs, the list of models, and the day's allowance.

import { Signal } from "../core/signal";
import { type Access, openAccess } from "./access";
import { type Allowance, allowanceFromHeaders, allowanceFromUsage, type UsageDocument } from "./allowance";
import { refused, unreachable } from "./failure";

export class Api {
  /** The headers of an answer said what remains of it. */
  readonly allowance = new Signal<Allowance>();
  /** A request was refused for want of a valid sign-in. */
  readonly signedOut = new Signal();

  constructor(
    private readonly base: string,
    private readonly access: Access = openAccess,
  ) {}

  async models(): Promise<string[]> {
    const response = await this.#send("/models", {});
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  }

  async usage(): Promise<Allowance> {
    const response = await this.#send("/usage", {});
    return allowanceFromUsage((await response.json()) as UsageDocument);
  }

  /** Returns a response with a 2xx status; throws ChatError for everything else but an abort. */
  async post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const headers = { "content-type": "application/json", "x-amz-content-sha256": await sha256(bytes) };
    return this.#send(path, { method: "POST", headers, body: bytes, signal });
  }

  async #send(path: string, init: RequestInit, again = true): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), ...(await this.access.headers()) };
    let response: Response;
    try {
      response = await fetch(this.base + path, { ...init, headers, cache: "no-store" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable();
    }
    if (response.ok) {
      const allowance = allowanceFromHeaders(response.headers);
      if (allowance) this.allowance.emit(allowance);
      return response;
    }
    const error = await refused(response);
    if (error.failure.kind === "signed_out") {
      if (again && (await this.access.renew())) return this.#send(path, init, false);
      this.signedOut.emit();
    }
    throw error;
  }
}

/** CloudFront signs the request for the function, but only the sender can hash the body (origin access control). */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
