// The lazily loaded part of highlight.ts: highlight.js with an emitter that yields runs of text instead of HTML.

import hljs from "highlight.js/lib/core";
import { languages, name } from "./languages";

export type Run = [scope: string, text: string];

interface Collected {
  runs: Run[];
}

/** highlight.js calls this by duck typing; scopes nest, the innermost colours the text. */
class RunEmitter {
  readonly runs: Run[] = [];
  #scopes: string[] = [];

  addText(text: string): void {
    const scope = this.#scopes.at(-1) ?? "";
    const last = this.runs.at(-1);
    if (last?.[0] === scope) last[1] += text;
    else if (text) this.runs.push([scope, text]);
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
    this.runs.push(...emitter.runs);
  }

  finalize(): void {}

  toHTML(): string {
    return "";
  }
}

hljs.configure({ __emitter: RunEmitter } as object);

/** Undefined if the language is unknown or its grammar cannot be loaded. */
export async function tokenize(text: string, language: string): Promise<Run[] | undefined> {
  const known = name(language);
  if (!known) return undefined;
  try {
    for (const [part, load] of languages(known)) {
      if (!hljs.getLanguage(part)) hljs.registerLanguage(part, (await load()).default);
    }
  } catch {
    return undefined;
  }
  const result = hljs.highlight(text, { language: known, ignoreIllegals: true });
  return (result as unknown as { _emitter: Collected })._emitter.runs;
}
