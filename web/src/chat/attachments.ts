// A question's text files: sent before its text, each in a code block under its name.

import type { Message } from "../core/types";

/** As many backticks as the text needs to stay inside its block. */
function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  return "`".repeat(longest + 1);
}

function block(name: string, text: string): string {
  const language = /\.(\w{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const ticks = fence(text);
  return `${name}\n${ticks}${language}\n${text.replace(/\n$/, "")}\n${ticks}\n`;
}

/** A message as the model reads it. */
export const wholeText = ({ content, files = [] }: Pick<Message, "content" | "files">): string =>
  [...files.map(({ name, text }) => block(name, text)), content].filter(Boolean).join("\n");
