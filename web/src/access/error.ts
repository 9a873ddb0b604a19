// Why signing in, or staying signed in, did not work.

/** `ended`: the issuer knows the session no more. `refused`: the person, or the issuer, said no. */
export type SignInProblem = "unreachable" | "refused" | "ended" | "failed";

export class SignInError extends Error {
  constructor(
    readonly problem: SignInProblem,
    cause?: unknown,
  ) {
    super(problem, { cause });
  }
}
