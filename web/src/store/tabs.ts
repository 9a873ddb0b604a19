// Tells the other tabs of this browser what changed, and knows which answers are being written in any of them.

import { Signal } from "../core/signal";

export interface Change {
  /** Unset: any may have changed. */
  conversation?: string;
  /** Unset: only the entry in the list changed. */
  message?: string;
}

export const changedElsewhere = new Signal<Change>();

const channel = new BroadcastChannel("chat");
channel.onmessage = ({ data }: MessageEvent<Change>) => changedElsewhere.emit(data);

export const tellOtherTabs = (change: Change): void => channel.postMessage(change);

const lockName = (message: string): string => `answer:${message}`;

/** Holds the answer's lock while `work` runs; the browser releases it if the tab dies. */
export async function whileAnswering<T>(message: string, work: () => Promise<T>): Promise<T> {
  // Web Locks need a secure context; without them a second tab takes a running answer for an interrupted one.
  return navigator.locks ? await navigator.locks.request(lockName(message), work) : work();
}

export async function isBeingAnswered(message: string): Promise<boolean> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return held.some(({ name }) => name === lockName(message));
}

/** Resolves when nobody writes the answer any more: it is complete, or its tab is gone. */
export async function answerReleased(message: string): Promise<void> {
  await navigator.locks?.request(lockName(message), () => undefined);
}
