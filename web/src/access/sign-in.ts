// access/: signing in with OpenID Connect, where a deployment wants it. Gives wire/ the headers that authorise a
// request (wire/access.ts). oidc.ts speaks to the issuer and is loaded when needed, tab.ts remembers.
//
// Who has signed in: begins it, remembers it for this tab, renews it without a word, ends it.

import type { SignInConfig } from "../core/config";
import { Signal } from "../core/signal";
import type { Access } from "../wire/access";
import { failed } from "../wire/failure";
import { SignInError, type SignInProblem } from "./problem";
import {
  type Attempt,
  type Person,
  recall,
  remember,
  rememberSignOut,
  signedOutAt,
  type Tokens,
} from "./tab";

/** A duplicated tab starts with the same tokens; issuers take a refresh token that was used before for a stolen one. */
type FromAnotherTab = "signed out" | { instead: string; tokens: Tokens };

export class SignIn implements Access {
  /** Somebody signed in or out, or something is wrong. */
  readonly changed = new Signal();
  /** What went wrong last. */
  problem = recall("problem");
  #tokens = recall("tokens");
  #person: Person | undefined =
    recall("person") ?? (this.#tokens?.subject ? { subject: this.#tokens.subject, since: 0 } : undefined);
  #renewing: Promise<boolean> | undefined;
  #others = new BroadcastChannel("sign-in");

  constructor(private readonly config: SignInConfig) {
    remember("problem", undefined);
    if (this.#signedOutElsewhere) this.#forget();
    // Out of the browser's memory, as it was left: somebody may have signed out meanwhile.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#signedOutElsewhere && this.#leave());
    this.#others.onmessage = ({ data }: MessageEvent<FromAnotherTab>) => {
      // A token stays good for a while: signing out in one tab is signing out in all.
      if (data === "signed out") this.#leave();
      else if (data.instead === this.#tokens?.refresh) this.#set(data.tokens);
    };
  }

  get signedIn(): boolean {
    return Boolean(this.#tokens);
  }

  /** Whose conversations this tab shows; also while their session has run out. */
  get person(): string | undefined {
    return this.#person?.subject;
  }

  get name(): string {
    return this.#tokens?.name ?? "";
  }

  /** Sends the person to the issuer; they come back to what they see now. */
  async begin(): Promise<void> {
    try {
      const { authorization } = await import("./oidc");
      const { url, attempt } = await authorization(this.config, this.#page);
      remember("attempt", { ...attempt, back: location.hash });
      location.assign(url);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** If the person comes back from the issuer: takes that out of the address at once, and lets them in. */
  async arrive(): Promise<void> {
    const answer = new URLSearchParams(location.search);
    if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return;
    const attempt = recall("attempt");
    remember("attempt", undefined);
    history.replaceState(null, "", `/${attempt?.back ?? ""}`);
    await this.#exchange(answer, attempt);
  }

  async headers(): Promise<Record<string, string>> {
    const { renewAt = Infinity, expires = 0 } = this.#tokens ?? {};
    if (Date.now() >= renewAt) {
      await this.renew().catch((error: unknown) => {
        if (Date.now() >= expires) throw error;
      });
    }
    if (!this.#tokens) throw failed("signed_out");
    return { "x-chat-authorization": `Bearer ${this.#tokens.access}` };
  }

  /** Gets new tokens, once for everybody who asks meanwhile. Throws ChatError if the issuer cannot be reached. */
  renew(): Promise<boolean> {
    const before = this.#tokens;
    const renew = () => (this.#tokens === before ? this.#renew() : this.signedIn);
    // One tab at a time: another one may be about to tell of new tokens.
    this.#renewing ??= navigator.locks.request("renew", renew).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** The function does not take the token, and no new one helped. */
  refused(): void {
    this.#end("ended");
  }

  /** Signs out: here, in all tabs of this browser, and at the issuer. The page goes away. */
  async end(): Promise<void> {
    const refresh = this.#tokens?.refresh;
    this.#forget();
    rememberSignOut();
    this.#others.postMessage("signed out" satisfies FromAnotherTab);
    try {
      const { signOut } = await import("./oidc");
      const url = await signOut(this.config, this.#page, refresh);
      if (url) location.assign(url);
      else this.#leave();
    } catch {
      remember("problem", "lingering");
      this.#leave();
    }
  }

  get #signedOutElsewhere(): boolean {
    return this.#person !== undefined && this.#person.since < signedOutAt();
  }

  #forget(): void {
    this.#person = undefined;
    remember("person", undefined);
    this.#tokens = undefined;
    remember("tokens", undefined);
  }

  /** Nothing of theirs stays on screen or in memory. */
  #leave(): void {
    this.#forget();
    location.reload();
  }

  get #page(): string {
    return `${location.origin}/`;
  }

  async #exchange(answer: URLSearchParams, attempt: Attempt | undefined): Promise<void> {
    try {
      // Nobody began to sign in here: a link that somebody else made, or an old one.
      if (!attempt) throw new SignInError("failed");
      const { exchange } = await import("./oidc");
      this.problem = undefined;
      const tokens = await exchange(this.config, this.#page, answer, attempt);
      if (tokens.subject) {
        this.#person = { subject: tokens.subject, since: Date.now() };
        remember("person", this.#person);
      }
      this.#set(tokens);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #renew(): Promise<boolean> {
    const before = this.#tokens;
    if (!before?.refresh) {
      this.#end("ended");
      return false;
    }
    try {
      const { renewed } = await import("./oidc");
      const tokens = await renewed(this.config, before.refresh, before);
      if (this.#tokens !== before) return this.signedIn; // signed out meanwhile
      this.#set(tokens);
      this.#others.postMessage({ instead: before.refresh, tokens } satisfies FromAnotherTab);
      return true;
    } catch (error) {
      if (problemOf(error) === "unreachable")
        throw failed(navigator.onLine ? "sign_in_unreachable" : "offline");
      this.#end("ended");
      return false;
    }
  }

  #end(problem: SignInProblem): void {
    if (this.#tokens) this.problem = problem;
    this.#set(undefined);
  }

  #fail(error: unknown): void {
    this.problem = problemOf(error);
    this.changed.emit();
  }

  #set(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
    remember("tokens", tokens);
    this.changed.emit();
  }
}

/** Everything that oidc.ts throws is a SignInError; else that module itself could not be loaded. */
const problemOf = (error: unknown): SignInProblem =>
  error instanceof SignInError ? error.problem : "unreachable";
