// Words of the page in the person's language. English ships with the page, others are loaded when chosen.

import { settings } from "../settings";
import { en, type Key } from "./en";

let words: Record<Key, string> = en;

export const language = (): "en" | "ja" =>
  settings().language ?? (navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en");

/** The text for a key; `{name}` in it is replaced by the value of that name. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export async function loadLanguage(): Promise<void> {
  const chosen = language();
  if (chosen === "ja") {
    const loaded = await import("./ja").catch(() => undefined);
    words = loaded?.ja ?? en;
  } else {
    words = en;
  }
  document.documentElement.lang = words === en ? "en" : chosen;
}

/** Translates what stands in index.html. */
export function translatePage(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-t]"))
    element.textContent = t(element.dataset.t as Key);
  for (const element of document.querySelectorAll<HTMLElement>("[data-t-label]")) {
    const text = t(element.dataset.tLabel as Key);
    element.setAttribute("aria-label", text);
    if (element.matches("button")) element.title = text;
  }
  for (const element of document.querySelectorAll<HTMLInputElement>("[data-t-placeholder]")) {
    element.placeholder = t(element.dataset.tPlaceholder as Key);
  }
  delete document.documentElement.dataset.waiting;
}

/** The time of day, as it is here. */
export const time = (at: number): string =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format(at);

export const number = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(document.documentElement.lang, options).format(value);
