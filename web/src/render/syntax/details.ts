// Where <details> begins and ends, in what CommonMark takes for one block of HTML or several.

import type { Token } from "markdown-it";

const opening = /^\s*<details(?:\s[^<>]*)?>/i;
const piece = /(<\/details>|<details(?:\s[^<>]*)?>\s*(?:<summary>[^]*?(?:<\/summary>|$))?)/i;

export const opensDetails = (html: string): boolean => opening.test(html);
export const closesDetails = ({ type, content }: Token): boolean =>
  type === "html_block" && /^<\/details>$/i.test(content);

/** A token for each beginning and end. */
export function splitDetails(tokens: Token[]): Token[] {
  return tokens.flatMap((token) => {
    if (token.type !== "html_block" || !/<\/?details/i.test(token.content)) return [token];
    const parts = token.content.split(piece).filter((part) => part.trim());
    return parts.map((content, index) => {
      const part = Object.assign(Object.create(Object.getPrototypeOf(token) as object), token) as Token;
      return Object.assign(part, { content: content.trim(), map: index ? null : token.map });
    });
  });
}
