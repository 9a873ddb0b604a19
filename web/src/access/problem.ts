// Why signing in, or staying signed in, did not work.

/**
 * `ended`: the issuer knows the session no more. `refused`: the person, or the issuer, said no. `lingering`: signed out
 * here, but the issuer could not be told.
 */
export type SignInProblem = "unreachable" | "refused" | "ended" | "lingering" | "failed";

export class SignInError extends Error {
  constructor(
    readonly problem: SignInProblem,
    cause?: unknown,
  ) {
    super(problem, { cause });
  }
}
