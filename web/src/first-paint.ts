// Runs before the first paint, so that a chosen theme or language never flashes: blocking, tiny, depends on nothing.

try {
  const chosen = JSON.parse(localStorage.getItem("settings") ?? "{}") as {
    theme?: string;
    language?: string;
    listClosed?: boolean;
  };
  const root = document.documentElement;
  if (chosen.theme === "light" || chosen.theme === "dark") root.dataset.theme = chosen.theme;
  root.toggleAttribute("data-list-closed", chosen.listClosed === true);
  const language = chosen.language ?? navigator.language.slice(0, 2);
  if (language === "ja") {
    root.lang = "ja";
    root.dataset.waiting = "";
  }
} catch {
  // No storage (private mode) or unreadable settings: the defaults are fine.
}
