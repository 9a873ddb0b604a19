// chat/: what the page does, without a pixel of how it looks: the conversation on screen (here), one answer that is being
// written (answer.ts), all conversations (library.ts), and how messages form versions (tree.ts).
//
// The conversation on screen and everything a person can do in it.

import type { Config } from "../core/config";
import { Signal } from "../core/signal";
import type { Conversation, Message, TextFile } from "../core/types";
import { changedElsewhere } from "../store/tabs";
import type { Api } from "../wire/api";
import { Answer } from "./answer";
import { type Library, newConversation, titleFrom } from "./library";
import { Recovery } from "./recovery";
import { continuation, request } from "./request";
import { leafForwards, newestBelow, path } from "./tree";

export class Session {
  /** Another conversation is shown. */
  readonly opened = new Signal();
  /** Messages came, went, or changed their status. */
  readonly changed = new Signal();
  readonly answerStarted = new Signal<Answer>();
  conversation: Conversation = newConversation();
  messages = new Map<string, Message>();
  /** Answers being written, by message; also those of conversations not on screen. */
  readonly answers = new Map<string, Answer>();

  #recovery: Recovery;

  constructor(
    readonly library: Library,
    readonly api: Api,
    readonly config: Config,
  ) {
    changedElsewhere.on(({ conversation, message }) => void this.#adopt(conversation, message));
    library.changed.on(() => this.#refresh());
    this.#recovery = new Recovery(library);
    this.#recovery.released.on(({ conversation, id }) => void this.#adopt(conversation, id));
  }

  path(): Message[] {
    return path(this.messages, this.conversation.leaf);
  }

  /** The answer being written at the end of what is shown. */
  get answering(): Answer | undefined {
    return this.conversation.leaf === null ? undefined : this.answers.get(this.conversation.leaf);
  }

  start(): void {
    this.conversation = newConversation();
    this.messages = new Map();
    this.opened.emit();
  }

  async open(id: string): Promise<void> {
    const conversation = this.library.get(id);
    if (!conversation) {
      this.start();
      return;
    }
    const stored = await this.library.store.messages(id);
    const messages = new Map(
      stored.map((message) => [message.id, this.answers.get(message.id)?.message ?? message]),
    );
    for (const message of messages.values()) {
      if (!this.answers.has(message.id)) await this.#recovery.recover(message);
    }
    this.conversation = conversation;
    this.messages = messages;
    if (!conversation.leaf || !messages.has(conversation.leaf))
      conversation.leaf = newestBelow(messages, null);
    this.opened.emit();
    if (conversation.unread) void this.library.change(id, (changed) => void delete changed.unread);
  }

  send(text: string, files: TextFile[] = []): void {
    this.#ask(text, files, this.conversation.leaf);
  }

  /** Resends an edited message as a new version beside the old one. */
  edit(message: Message, text: string): void {
    this.#ask(text, message.files ?? [], message.parent);
  }

  /** Puts something where the next question goes on from, without asking for an answer. */
  note(text: string): void {
    this.#show(this.#question(text, [], this.conversation.leaf).id);
    this.changed.emit();
  }

  /** Answers again, by another model if one is named: a new version beside the old answer. */
  regenerate(message: Message, model?: string): void {
    this.#answer(message.parent, model);
  }

  /** Goes on where the answer broke off; into the same message. */
  resume(message: Message): void {
    if (this.answers.has(message.id)) return;
    if (!message.content) {
      this.retry(message);
      return;
    }
    const conversation = this.conversation;
    delete message.failure;
    delete message.truncated;
    delete message.stats;
    message.status = "streaming";
    this.#run(message, continuation(path(this.messages, message.id), conversation, this.config));
  }

  /** Tries a failed answer again; in its own place if it has no text yet. */
  retry(message: Message): void {
    if (this.answers.has(message.id)) return;
    if (message.content) {
      this.regenerate(message); // what had arrived stays, as another version
      return;
    }
    for (const old of ["failure", "stats", "reasoning", "thought"] as const) delete message[old];
    message.status = "streaming";
    this.#run(message, request(path(this.messages, message.parent), this.conversation, this.config));
  }

  /** Shows another version of a message. */
  choose(version: Message): void {
    this.#show(newestBelow(this.messages, version.id));
    this.changed.emit();
  }

  stop(): void {
    this.answering?.stop();
  }

  /** An answer to this conversation is being written, by this tab. */
  isAnswered(conversation: string): boolean {
    return [...this.answers.values()].some(({ message }) => message.conversation === conversation);
  }

  /** Changes what applies to this conversation only. One without messages is not stored yet. */
  adjust(change: (conversation: Conversation) => void): void {
    change(this.conversation);
    if (this.messages.size) void this.library.change(this.conversation.id, change);
    this.changed.emit();
  }

  #ask(text: string, files: TextFile[], parent: string | null): void {
    this.#answer(this.#question(text, files, parent).id);
  }

  #question(content: string, files: TextFile[], parent: string | null): Message {
    const message = this.#add({ role: "user", parent, content, status: "complete" });
    if (files.length) message.files = files;
    void this.library.save(message);
    return message;
  }

  #answer(parent: string | null, model?: string): void {
    const message = this.#add({ role: "assistant", parent, content: "", status: "streaming" });
    this.#show(message.id);
    const body = request(path(this.messages, parent), this.conversation, this.config);
    this.#run(message, model ? { ...body, model } : body);
  }

  #add(part: Pick<Message, "role" | "parent" | "content" | "status">): Message {
    const id = crypto.randomUUID();
    const message: Message = { id, conversation: this.conversation.id, created: Date.now(), ...part };
    this.messages.set(id, message);
    return message;
  }

  #show(leaf: string | null): void {
    const fresh = this.conversation;
    fresh.leaf = leaf;
    const [first] = path(this.messages, leaf);
    const title = first ? titleFrom(first) : "";
    void this.library.change(
      fresh.id,
      (conversation) => {
        conversation.leaf = leaf;
        conversation.title ||= title;
        conversation.updated = Date.now();
      },
      fresh,
    );
  }

  #run(message: Message, body: ReturnType<typeof request>): void {
    const answer = new Answer(message, (changed) => this.library.save(changed));
    this.answers.set(message.id, answer);
    if (body.model) message.model = body.model;
    const { conversation } = message;
    this.changed.emit();
    this.answerStarted.emit(answer);
    answer.ended.on(() => {
      this.answers.delete(message.id);
      if (conversation === this.conversation.id) this.changed.emit();
      else void this.library.change(conversation, (changed) => void (changed.unread = true));
    });
    void this.library.save(message);
    void answer.run(this.api, body);
  }

  /** The list was read again: take over what concerns the conversation as a whole. */
  #refresh(): void {
    const stored = this.library.get(this.conversation.id);
    if (!stored) return;
    const here = this.conversation.leaf;
    const leaf = this.answering ? (here ?? stored.leaf) : leafForwards(this.messages, here, stored.leaf);
    this.conversation = { ...stored, leaf };
  }

  async #adopt(conversation: string | undefined, id: string | undefined): Promise<void> {
    if (conversation !== this.conversation.id || !id || this.answers.has(id)) return;
    const message = await this.library.store.message(id);
    if (!message || conversation !== this.conversation.id) return;
    await this.#recovery.recover(message);
    this.messages.set(id, message);
    this.#refresh();
    this.changed.emit();
  }
}
