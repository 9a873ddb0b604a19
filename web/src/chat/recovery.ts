// Answers whose tab went away in the middle: finds them, and gives back everything that had arrived.

import { Signal } from "../core/signal";
import type { Message } from "../core/types";
import { takeBackup } from "../store/exit-backup";
import { answerReleased, isBeingAnswered } from "../store/tabs";
import type { Library } from "./library";

const lengthOf = ({ content, reasoning = "" }: { content: string; reasoning?: string | undefined }): number =>
  content.length + reasoning.length;

export class Recovery {
  /** An answer that another tab was writing is complete, or its tab is gone. */
  readonly released = new Signal<Message>();
  #watched = new Set<string>();

  constructor(private readonly library: Library) {}

  /** Changes a stored answer that nobody is writing any more to what it is: interrupted. */
  async recover(message: Message): Promise<void> {
    const { id, status } = message;
    if (status !== "streaming" && status !== "interrupted") return;
    if (await isBeingAnswered(id)) {
      this.#watch(message);
      return;
    }
    const backup = takeBackup(id);
    const more = backup && lengthOf(backup) > lengthOf(message);
    if (status === "interrupted" && !more) return;
    if (more) Object.assign(message, backup);
    message.status = "interrupted";
    await this.library.save(message);
  }

  /** By another tab, or by this one before its reload: if that ends without a word, it was interrupted. */
  #watch(message: Message): void {
    if (this.#watched.has(message.id)) return;
    this.#watched.add(message.id);
    void answerReleased(message.id).then(() => {
      this.#watched.delete(message.id);
      this.released.emit(message);
    });
  }
}
