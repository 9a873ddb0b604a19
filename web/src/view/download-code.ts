// A code block as a file. Loaded when first asked for.

import { download } from "../chat/transfer";

/** Extensions that are not the name of the language. */
const extensions: Record<string, string> = {
  bash: "sh",
  console: "sh",
  csharp: "cs",
  golang: "go",
  javascript: "js",
  kotlin: "kt",
  markdown: "md",
  perl: "pl",
  python: "py",
  python3: "py",
  ruby: "rb",
  rust: "rs",
  shell: "sh",
  text: "txt",
  typescript: "ts",
  yml: "yaml",
};

export function downloadCode(button: HTMLElement): void {
  const code = button.closest("figure")?.querySelector("code");
  const language = (code?.dataset.language ?? "").toLowerCase();
  const extension = extensions[language] ?? (/^[a-z0-9]{1,10}$/.test(language) ? language : "txt");
  download(`code.${extension}`, `${code?.textContent ?? ""}\n`, "text/plain");
}
