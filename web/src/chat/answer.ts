// One answer while it is being written: streams it, measures it, keeps what has arrived safe.

import { Signal } from "../core/signal";
import type { Message } from "../core/types";
import { backUp, takeBackup } from "../store/exit-backup";
import { whileAnswering } from "../store/tabs";
import type { Api } from "../wire/api";
import { complete, type CompletionRequest, type Outcome } from "../wire/completion";
import { ChatError, failed } from "../wire/failure";

export class Answer {
  readonly text = new Signal<string>();
  readonly ended = new Signal();
  #abort = new AbortController();
  #started = performance.now();
  #firstToken = 0;
  #deltas = 0;
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
        this.#finish(await complete(api, request, (text) => this.#append(text), this.#abort.signal));
      } catch (error) {
        this.#fail(error);
      }
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

  #append(text: string): void {
    this.#firstToken ||= performance.now() - this.#started;
    this.#deltas++;
    this.message.content += text;
    this.text.emit(text);
    this.#saveSoon();
  }

  /** Writes as often as is cheap: every tenth of a second, less often once the answer is long. */
  #saveSoon(): void {
    if (this.#saving) return;
    this.#saving = true;
    const pause = 100 + this.message.content.length / 250;
    this.#saveTimer = setTimeout(async () => {
      await this.save(this.message);
      this.#saving = false;
    }, pause);
  }

  #finish({ finish, model, usage }: Outcome): void {
    const { message } = this;
    message.status = "complete";
    if (finish === "length") message.truncated = true;
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
