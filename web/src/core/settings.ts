// The person's preferences, in localStorage: read synchronously before the first paint, shared by all tabs.

import { Signal } from "./signal";
import type { Prompt } from "./types";

export interface Settings {
  /** Empty: the deployment's default model. */
  model: string;
  system: string;
  /** null: the model's own default. */
  temperature: number | null;
  theme: "system" | "light" | "dark";
  /** Unset: the browser's. */
  language?: "en" | "ja";
  /** Unset: Enter sends, except on touch screens, whose keyboards have no easy Shift+Enter. */
  enter?: "send" | "newline";
  prompts: Prompt[];
  /** The list is closed on wide screens, too. */
  listClosed?: boolean;
}

const defaults: Settings = { model: "", system: "", temperature: null, theme: "system", prompts: [] };

function read(): Settings {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem("settings") ?? "{}") as Partial<Settings>) };
  } catch {
    return { ...defaults };
  }
}

export const settingsChanged = new Signal<Settings>();

let current = read();

export const settings = (): Readonly<Settings> => current;

export function changeSettings(change: Partial<{ [K in keyof Settings]: Settings[K] | undefined }>): void {
  // Read again first: another tab may have changed another setting.
  current = { ...read(), ...change } as Settings;
  try {
    localStorage.setItem("settings", JSON.stringify(current));
  } catch {
    // Private mode: the settings live as long as the page.
  }
  settingsChanged.emit(current);
}

/** Fingers and an on-screen keyboard. */
export const isTouch = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;

export const enterSends = (): boolean => (current.enter ?? (isTouch() ? "newline" : "send")) === "send";

addEventListener("storage", ({ key }) => {
  if (key !== "settings") return;
  current = read();
  settingsChanged.emit(current);
});
