// i18n/: the page's words in the person's language, which core/settings.ts says. `Key` names a text, `translate` gives it. Each language has two parts:
// the page's (en.ts, ja.ts) and the dialogs' (en-dialogs.ts, ja-dialogs.ts), which is loaded with the first dialog.
// English comes with the page; another language is loaded alone when it is chosen.

import { settings } from "../core/settings";
import { words as english } from "./en";
import type { words as dialogs } from "./en-dialogs";

export type Key = keyof typeof english | keyof typeof dialogs;
export type Part = "page" | "dialogs";
type Words = Readonly<Record<string, string>>;
type Language = NonNullable<ReturnType<typeof settings>["language"]>;

interface Catalog extends Record<Part, () => Promise<{ words: Words }>> {
  /** What the language calls itself. */
  name: string;
}

/** Every language there is. */
export const catalogs: Record<Language, Catalog> = {
  en: { name: "English", page: async () => ({ words: english }), dialogs: () => import("./en-dialogs") },
  ja: { name: "日本語", page: () => import("./ja"), dialogs: () => import("./ja-dialogs") },
};

let words: Words = english;
let loaded: readonly Part[] = ["page"];

/** The person's choice, else the browser's if the page speaks it, else English. */
export function language(): Language {
  const browsers = navigator.language.slice(0, 2).toLowerCase();
  return settings().language ?? (browsers in catalogs ? (browsers as Language) : "en");
}

/** The text for a key; `{name}` in it is replaced by the value of that name. */
export function translate(key: Key, values: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/**
 * Loads the words of the present language: those loaded before for another one, and `part`.
 * English stands in for a language that cannot be loaded; rejects if that cannot be loaded either.
 */
export async function loadWords(part: Part = "page"): Promise<void> {
  const parts = [...new Set([...loaded, part])];
  const load = async (of: Language): Promise<Words> => {
    const modules = await Promise.all(parts.map((name) => catalogs[of][name]()));
    return Object.assign({}, ...modules.map((module) => module.words)) as Words;
  };
  let chosen = language();
  words = await load(chosen).catch(() => load((chosen = "en")));
  loaded = parts;
  document.documentElement.lang = chosen;
}

/** Translates what stands in index.html. */
export function translatePage(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]"))
    element.textContent = translate(element.dataset.text as Key);
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    const text = translate(element.dataset.label as Key);
    element.setAttribute("aria-label", text);
    if (element.matches("button")) element.title = text;
  }
  for (const element of document.querySelectorAll<HTMLInputElement>("[data-placeholder]")) {
    element.placeholder = translate(element.dataset.placeholder as Key);
  }
  delete document.documentElement.dataset.waiting;
}

/** The time of day, as it is here. */
export const time = (at: number): string =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format(at);

/** When something happened: the time if it was today, else the day, too; `full`: all there is to say. */
export function moment(at: number, full = false): string {
  const today = new Date(at).toDateString() === new Date().toDateString();
  const options: Intl.DateTimeFormatOptions = full
    ? { dateStyle: "full", timeStyle: "medium" }
    : { ...(today ? {} : { day: "numeric", month: "short" }), hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
}

/** Milliseconds in words: seconds, from two minutes on minutes. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  const unit = seconds < 120 ? "second" : "minute";
  return number(unit === "second" ? seconds : Math.round(seconds / 60), {
    style: "unit",
    unit,
    unitDisplay: "short",
  });
}

export const number = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(document.documentElement.lang, options).format(value);
