// What can be done about a conversation that has become too long for the model. Loaded when one has.

import type { Message } from "../core/types";
import { translate } from "../i18n/translate";
import { complete } from "../wire/completion";
import { failed } from "../wire/failure";
import { wholeText } from "./attachments";
import { fit, request, roomOf, systemOf } from "./request";
import type { Session } from "./session";

/** The part of the room that a refused request may have in the next try. */
const LESS = 0.6;
/** The part of the room that is kept word for word beside a summary. */
const KEPT = 0.25;
/** The part of the room that one request for a summary fills; the rest is for the prompt and the answer. */
const PIECE = 0.7;

const PROMPT =
  "Summarise the conversation below for somebody who goes on with it: what was asked, found, decided and left open, with names, figures and code that matter. Write in the conversation's language, at most 400 words, and nothing but the summary.";

export class Shortening {
  readonly #abort = new AbortController();

  constructor(
    private readonly session: Session,
    /** Told how much is done, 0 to 1. */
    private readonly progress: (part: number) => void,
    /** The model has just refused the conversation on screen. */
    refused: boolean,
  ) {
    if (refused) lowerRoom(session);
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Sums up all but the newest messages; false if there is nothing to sum up. Throws ChatError, or on `stop`. */
  async summarise(): Promise<boolean> {
    const { session } = this;
    const { id } = session.conversation;
    const said = answered(session.path());
    let rest = roomOf(session.conversation, session.config) * KEPT;
    let last = said.length - 1;
    while (last > 0 && (rest -= wholeText(said[last]!).length) > 0) last--;
    while (last < said.length - 1 && said[last]?.role !== "user") last++;
    // The newest question stays what it is.
    last = Math.min(
      last,
      said.findLastIndex(({ role }) => role === "user"),
    );
    if (last < 1) return false;
    const before = said[last - 1]!;
    const summary = await this.#sumUp(said.slice(0, last));
    if (session.conversation.id !== id) return false;
    before.summary = summary;
    await session.library.save(before);
    session.changed.emit();
    return true;
  }

  /** Goes on in a new conversation that begins with a summary of this one, and asks again what got no answer. */
  async restart(): Promise<boolean> {
    const { session } = this;
    const { id, title, model, system } = session.conversation;
    const said = answered(session.path());
    const open = said.at(-1)?.role === "user" ? said.pop() : undefined;
    if (!said.length) return false;
    const summary = await this.#sumUp(said);
    if (session.conversation.id !== id) return false;
    session.start();
    Object.assign(
      session.conversation,
      { title },
      model ? { model } : {},
      system === undefined ? {} : { system },
    );
    session.note(`${translate("summaryOf", { title })}\n\n${summary}`);
    if (open) session.send(open.content, open.files);
    return true;
  }

  /** Piece by piece: what was too long for one request has to be read in several. */
  async #sumUp(said: Message[]): Promise<string> {
    const { conversation, config, api } = this.session;
    const from = said.findLastIndex(({ summary }) => summary !== undefined);
    const text = said
      .slice(from + 1)
      .map((message) => `${message.role === "user" ? "User" : "Assistant"}: ${wholeText(message)}`)
      .join("\n\n");
    const size = Math.max(500, Math.floor(roomOf(conversation, config) * PIECE) - PROMPT.length);
    let summary = said[from]?.summary ?? "";
    for (let at = 0; at < text.length;) {
      this.progress(at / text.length);
      const piece = text.slice(at, at + Math.max(250, size - summary.length));
      at += piece.length;
      const content = [PROMPT, summary && `Summary of what came before:\n${summary}`, piece];
      const { model } = request([], conversation, config);
      let answer = "";
      await complete(
        api,
        {
          ...(model ? { model } : {}),
          messages: [{ role: "user", content: content.filter(Boolean).join("\n\n") }],
        },
        (words, reasoning) => {
          if (!reasoning) answer += words;
        },
        this.#abort.signal,
      );
      // A model that does not stop must not take the room of what follows.
      summary = answer.trim().slice(0, roomOf(conversation, config) * KEPT);
      if (!summary) throw failed("empty");
    }
    return summary;
  }
}

/** Messages with text. */
const answered = (path: Message[]): Message[] =>
  path.filter(({ content, files }) => content || files?.length);

/** Leaves out more of the beginning than the request that was refused did, and tries again; false if nothing is left. */
export function leaveOut(session: Session, refused: Message): boolean {
  if (lowerRoom(session) < 2) return false;
  session.retry(refused);
  return true;
}

/** Remembers that the model cannot take what is on screen; returns how many messages of it were sent. */
function lowerRoom(session: Session): number {
  const { messages, chars } = fit(session.path(), session.conversation, session.config);
  const system = systemOf(session.conversation).length;
  session.adjust((conversation) => {
    conversation.room = Math.floor(chars * LESS) + system;
  });
  return messages.length;
}
