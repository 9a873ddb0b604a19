// Colours code blocks. What finds the colours, highlighter.ts, runs in a worker that starts with the first block.

import { h } from "../dom/element";
import { scriptUrl } from "../dom/script-url";
import { groups } from "./code";
import type { Coloured, Job } from "./highlighter";
import { CODE_CHARS, CODE_MS } from "./limits";

/** Characters after which building the DOM pauses, so that input is not held up. */
const SLICE = 8_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

let worker: Worker | undefined;
/** One after another: the clock of each runs while it is at work, not while it waits. */
let queue: Promise<unknown> = Promise.resolve();

/** Colours every plain code block below `root`. */
export async function highlightAll(root: Element): Promise<void> {
  for (const code of root.querySelectorAll<HTMLElement>("pre > code[data-language]")) {
    const text = code.textContent;
    const { language = "" } = code.dataset;
    if (text.length > CODE_CHARS) continue;
    const answer = queue.then(() => ask({ text, language }));
    queue = answer;
    const colours = await answer;
    if (colours?.runs.length) await paint(code, text, colours);
  }
}

/** Undefined if it takes too long, or there can be no worker. */
function ask(job: Job): Promise<Coloured | undefined> {
  return new Promise((resolve) => {
    const done = (coloured?: Coloured) => {
      clearTimeout(timer);
      worker?.removeEventListener("message", answered);
      worker?.removeEventListener("error", failed);
      if (!coloured) {
        worker?.terminate();
        worker = undefined;
      }
      resolve(coloured);
    };
    const failed = () => done();
    const answered = ({ data }: MessageEvent<Coloured>) => done(data);
    const timer = setTimeout(failed, CODE_MS);
    try {
      worker ??= new Worker(scriptUrl(HIGHLIGHTER), { type: "module" });
      worker.addEventListener("message", answered);
      worker.addEventListener("error", failed);
      worker.postMessage(job);
    } catch {
      done();
    }
  });
}

async function paint(code: HTMLElement, text: string, { runs, scopes }: Coloured): Promise<void> {
  let run = 0;
  let used = 0; // characters of the current run that earlier groups took
  let built = 0;
  const elements = code.children;
  let index = 0;
  let at = 0;
  for (const group of groups(text)) {
    const nodes: (Node | string)[] = [];
    const end = at + group.length;
    while (at < end && run < runs.length) {
      const all = runs[run] ?? 0;
      const length = Math.min(all - used, end - at);
      const scope = scopes[runs[run + 1] ?? 0];
      const part = text.slice(at, at + length);
      nodes.push(scope ? h("span", { class: `hl-${scope}` }, part) : part);
      at += length;
      used += length;
      if (used < all) continue;
      run += 2;
      used = 0;
    }
    elements[index++]?.replaceChildren(...nodes);
    built += group.length;
    if (built > SLICE) {
      built = 0;
      await pause();
    }
  }
}
