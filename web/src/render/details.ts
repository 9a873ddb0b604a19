// <details> and <summary>, the one block of HTML that is more than text; what is inside is markdown.

import { h } from "../dom/element";
import type { Blocks } from "./blocks";
import { inline } from "./inline";
import { closesDetails, opensDetails } from "./syntax/details";
import type { Token } from "./syntax/parser";

/** What begins at `token`, up to its end or the end of all; undefined if that is something else. */
export function details(blocks: Blocks, { content }: Token): Node[] | undefined {
  if (!opensDetails(content)) return undefined;
  const tag = /<[^>]*>/.exec(content)?.[0] ?? "";
  const title =
    /<summary>([^]*)/i
      .exec(content)?.[1]
      ?.replace(/<\/?\w*>?/g, "")
      .trim() ?? "";
  const summary = h("summary", { dir: "auto" }, ...inline(title, blocks.env));
  return [
    h("details", { open: /\sopen\b/i.test(tag) }, summary, ...blocks.upTo((other) => closesDetails(other))),
  ];
}
