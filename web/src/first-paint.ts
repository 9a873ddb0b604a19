// Runs before the first paint, so that a chosen theme or language never flashes: blocking, tiny, depends on nothing.

try {
  const chosen = JSON.parse(localStorage.getItem("settings") ?? "{}") as {
    theme?: string;
    language?: string;
  };
  const root = document.documentElement;
  if (chosen.theme === "light" || chosen.theme === "dark") root.dataset.theme = chosen.theme;
  const language = chosen.language ?? navigator.language.slice(0, 2);
  if (language === "ja") {
    root.lang = "ja";
    root.dataset.waiting = "";
  }
} catch {
  // No storage (private mode) or unreadable settings: the defaults are fine.
}
