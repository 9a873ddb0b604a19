// Colours code, in a thread of its own: a grammar that takes seconds for what somebody wrote holds up nothing, and is
// ended by highlight.ts. highlight.js, with an emitter that gives runs of text instead of HTML.

import hljs from "highlight.js/lib/core";
import { languages, name } from "./languages";

export interface Job {
  text: string;
  language: string;
}

/** Runs of the text in order: each is its length, and where its scope is in `scopes`. */
export interface Coloured {
  scopes: string[];
  runs: Uint32Array;
}

interface Collected {
  runs: [scope: string, length: number][];
}

/** highlight.js calls this by duck typing; scopes nest, the innermost colours the text. */
class RunEmitter {
  readonly runs: [string, number][] = [];
  #scopes: string[] = [];

  addText(text: string): void {
    const scope = this.#scopes.at(-1) ?? "";
    const last = this.runs.at(-1);
    if (last?.[0] === scope) last[1] += text.length;
    else if (text) this.runs.push([scope, text.length]);
  }

  startScope(scope: string): void {
    this.#scopes.push(scope.split(".", 1)[0] ?? "");
  }

  endScope(): void {
    this.#scopes.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(emitter: Collected): void {
    for (const run of emitter.runs) this.runs.push(run);
  }

  finalize(): void {}

  toHTML(): string {
    return "";
  }
}

hljs.configure({ __emitter: RunEmitter } as object);

/** No runs if the language is unknown or its grammar cannot be loaded. */
async function colour({ text, language }: Job): Promise<Coloured> {
  const scopes: string[] = [];
  const known = name(language);
  if (!known) return { scopes, runs: new Uint32Array() };
  for (const [part, load] of languages(known)) {
    if (!hljs.getLanguage(part)) hljs.registerLanguage(part, (await load()).default);
  }
  const result = hljs.highlight(text, { language: known, ignoreIllegals: true });
  const { runs } = (result as unknown as { _emitter: Collected })._emitter;
  const numbers = new Map<string, number>();
  const flat = runs.flatMap(([scope, length]) => {
    if (!numbers.has(scope)) numbers.set(scope, scopes.push(scope) - 1);
    return [length, numbers.get(scope)!];
  });
  return { scopes, runs: Uint32Array.from(flat) };
}

addEventListener("message", async ({ data }: MessageEvent<Job>) => {
  const result = await colour(data).catch(() => ({ scopes: [], runs: new Uint32Array() }));
  postMessage(result, { transfer: [result.runs.buffer] });
});
