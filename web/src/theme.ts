// Light, dark, or as the system says. first-paint.ts does the same before the first paint.

import { settings, settingsChanged } from "./core/settings";

export function startTheme(): void {
  const apply = () => {
    const { theme } = settings();
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset.theme;
    else dataset.theme = theme;
    const dark =
      theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
      meta.content = dark ? "#191817" : "#faf9f6";
    }
  };
  apply();
  settingsChanged.on(apply);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
}
