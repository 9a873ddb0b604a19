// core/: what every other folder may know and that knows none of them: the kinds of data here, the deployment's config,
// the person's settings, and the signal by which one module tells others that something happened.
//
// What a conversation is made of. Messages form a tree: editing or regenerating adds a sibling, nothing is overwritten.

export type Role = "user" | "assistant";

/** `streaming` in storage with nobody holding its lock means that the page went away in mid-answer. */
export type Status = "complete" | "streaming" | "stopped" | "interrupted" | "failed";

export type FailureKind =
  | "offline"
  | "unreachable"
  | "silent"
  | "cut"
  | "signed_out"
  | "sign_in_unreachable"
  | "not_invited"
  | "forbidden"
  | "not_found"
  | "too_large"
  | "rate_limit"
  | "no_credit"
  | "daily_limit"
  | "rejected"
  | "unavailable"
  | "server"
  // The model ended, but not with an answer.
  | "tools"
  | "filtered"
  | "empty";

export interface Failure {
  kind: FailureKind;
  /** The server's own words, if it had any; of `tools`, their names. */
  message: string;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  /** When it happened, in milliseconds since 1970; what `retryAfter` counts from. */
  at?: number;
}

export interface Stats {
  /** Milliseconds from sending to the first token. */
  firstToken: number;
  /** Milliseconds from sending to the end. */
  total: number;
  /** Tokens of the answer; counted by the model if it says so, else the number of deltas. */
  tokens: number;
  promptTokens?: number;
}

export interface TextFile {
  name: string;
  text: string;
}

export interface Message {
  id: string;
  conversation: string;
  parent: string | null;
  role: Role;
  content: string;
  /** Text files that belong to a question; they are sent before its text. */
  files?: TextFile[];
  /** What the model thought before it answered; never sent back to it. */
  reasoning?: string;
  /** Milliseconds from the first thought to the first word of the answer. */
  thought?: number;
  /** Stands in for the conversation up to and including this message, which had become too long to be sent. */
  summary?: string;
  created: number;
  status: Status;
  model?: string;
  failure?: Failure;
  stats?: Stats;
  /** The model stopped at its output limit, so the answer can be continued. */
  truncated?: boolean;
}

export interface Conversation {
  id: string;
  title: string;
  created: number;
  updated: number;
  pinned: boolean;
  /** The last message of the version that is shown. */
  leaf: string | null;
  /** Overrides of the settings, for this conversation only. */
  model?: string;
  system?: string;
  /** Characters of a request that the model can take, once it has refused a longer one. */
  room?: number;
  /** An answer was completed while another conversation was on screen. */
  unread?: boolean;
  /** When it was deleted; removed for good once undoing is no longer offered. */
  deleted?: number;
}

export interface Prompt {
  name: string;
  text: string;
}
