// When Enter sends: never while an input method is composing, where Enter accepts the conversion.

import { enterSends } from "../core/settings";

/** Safari reports the Enter that ends a composition as not composing, but with key code 229. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

export function submitsOnEnter(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return enterSends() && !event.shiftKey && !event.altKey;
}
