// What this tab remembers about signing in. In sessionStorage: it outlives a reload and the way to the issuer and back,
// but not the tab. And what all tabs have to know: when somebody signed out last.

import type { SignInProblem } from "./problem";

export interface Tokens {
  access: string;
  refresh?: string;
  subject?: string;
  /** What to call the person. */
  name?: string;
  /** When to get new ones, and when these are of no use any more; milliseconds since 1970. */
  renewAt: number;
  expires: number;
}

/** What has to be the same when the person comes back from the issuer, and where they were. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  /** The address's fragment: the conversation. */
  back: string;
}

/** Who this tab is for: stays when a session has merely run out, and is forgotten at sign-out. */
export interface Person {
  subject: string;
  /** When they signed in; milliseconds since 1970. */
  since: number;
}

export interface Remembered {
  tokens: Tokens;
  attempt: Attempt;
  person: Person;
  /** What went wrong, across a reload. */
  problem: SignInProblem;
}

export function recall<K extends keyof Remembered>(what: K): Remembered[K] | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(what) ?? "null") as Remembered[K] | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember<K extends keyof Remembered>(what: K, value: Remembered[K] | undefined): void {
  try {
    if (value) sessionStorage.setItem(what, JSON.stringify(value));
    else sessionStorage.removeItem(what);
  } catch {
    // No storage: the tokens live as long as the page.
  }
}

const SIGNED_OUT = "signed-out";

/** When somebody signed out in this browser, in milliseconds since 1970. */
export function signedOutAt(): number {
  try {
    return Number(localStorage.getItem(SIGNED_OUT));
  } catch {
    return 0;
  }
}

export function rememberSignOut(): void {
  try {
    localStorage.setItem(SIGNED_OUT, String(Date.now()));
  } catch {
    // No storage: there is nothing that a tab could come back to.
  }
}
