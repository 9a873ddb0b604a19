// One answer while it is being written: streams it, measures it, keeps what has arrived safe.

import { Signal } from "../core/signal";
import type { Message } from "../core/types";
import { backUp, takeBackup } from "../store/exit-backup";
import { whileAnswering } from "../store/tabs";
import type { Api } from "../wire/api";
import type { CompletionRequest, Outcome } from "../wire/completion";
import { ChatError, failed, unreachable } from "../wire/failure";

/** Not needed before the first message; asked for while that is being written. */
export const loadCompletion = (): Promise<typeof import("../wire/completion")> =>
  import("../wire/completion").catch(() => {
    throw unreachable();
  });

export class Answer {
  readonly text = new Signal<string>();
  readonly reasoning = new Signal<string>();
  readonly ended = new Signal();
  #abort = new AbortController();
  #started = performance.now();
  #firstToken = 0;
  #deltas = 0;
  #thinking = 0;
  #saving = false;
  #saveTimer = 0;

  constructor(
    readonly message: Message,
    private readonly save: (message: Message) => Promise<void>,
  ) {}

  stop(): void {
    this.#abort.abort();
  }

  /** Runs to the end, whatever the end is; the message's status says which. Never throws. */
  async run(api: Api, request: CompletionRequest): Promise<void> {
    const { message } = this;
    const backUpNow = () => backUp(message);
    addEventListener("pagehide", backUpNow);
    await whileAnswering(message.id, async () => {
      try {
        const { complete } = await loadCompletion();
        this.#finish(await complete(api, request, this.#append, this.#abort.signal));
      } catch (error) {
        this.#fail(error);
      }
      this.#endThinking();
      clearTimeout(this.#saveTimer);
      this.#measure();
      this.ended.emit();
      // Other tabs take an answer that nobody writes and that is not complete for interrupted: save first.
      await this.save(message);
    });
    // Only now: a page that goes away breaks the connection first, and may not live to see that save done.
    removeEventListener("pagehide", backUpNow);
    takeBackup(message.id);
  }

  #append = (text: string, reasoning: boolean): void => {
    const { message } = this;
    const now = performance.now();
    this.#firstToken ||= now - this.#started;
    this.#deltas++;
    if (reasoning) {
      this.#thinking ||= now;
      message.reasoning = (message.reasoning ?? "") + text;
      this.reasoning.emit(text);
    } else {
      this.#endThinking();
      message.content += text;
      this.text.emit(text);
    }
    this.#saveSoon();
  };

  #endThinking(): void {
    if (!this.#thinking) return;
    this.message.thought = (this.message.thought ?? 0) + performance.now() - this.#thinking;
    this.#thinking = 0;
  }

  /** Writes as often as is cheap: every tenth of a second, less often once the answer is long. */
  #saveSoon(): void {
    if (this.#saving) return;
    this.#saving = true;
    const { content, reasoning = "" } = this.message;
    const pause = 100 + (content.length + reasoning.length) / 250;
    this.#saveTimer = setTimeout(async () => {
      await this.save(this.message);
      this.#saving = false;
    }, pause);
  }

  #finish({ finish, tools, model, usage }: Outcome): void {
    const { message } = this;
    message.status = "complete";
    if (finish === "length") message.truncated = true;
    else if (finish === "tool_calls" || finish === "function_call")
      this.#fail(failed("tools", tools.join(", ")));
    else if (finish === "content_filter") this.#fail(failed("filtered"));
    else if (!message.content) this.#fail(failed("empty"));
    if (model) message.model = model;
    if (usage) message.stats = { ...this.#stats(usage.completion_tokens), promptTokens: usage.prompt_tokens };
  }

  #fail(error: unknown): void {
    const { message } = this;
    if (this.#abort.signal.aborted) {
      message.status = "stopped";
      return;
    }
    const { failure } = error instanceof ChatError ? error : failed("cut");
    message.failure = failure;
    message.status =
      message.content && (failure.kind === "cut" || failure.kind === "silent") ? "interrupted" : "failed";
  }

  #measure(): void {
    if (this.#deltas) this.message.stats ??= this.#stats(this.#deltas);
  }

  #stats(tokens: number) {
    return { firstToken: this.#firstToken, total: performance.now() - this.#started, tokens };
  }
}
