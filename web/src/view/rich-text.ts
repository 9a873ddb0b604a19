// An answer as other programs take it from the clipboard: its structure, without the page's buttons and classes.

/** HTML of what is shown. */
export function richText(shown: HTMLElement): string {
  const copy = shown.cloneNode(true) as HTMLElement;
  for (const figure of copy.querySelectorAll("figure")) {
    const pre = document.createElement("pre");
    const code = pre.appendChild(document.createElement("code"));
    code.textContent = figure.querySelector("code")?.textContent ?? "";
    figure.replaceWith(pre);
  }
  for (const box of copy.querySelectorAll("input")) box.replaceWith(box.checked ? "☑ " : "☐ ");
  for (const extra of copy.querySelectorAll("button, svg")) extra.remove();
  for (const element of [copy, ...copy.querySelectorAll("*")])
    for (const name of element.getAttributeNames())
      if (!/^(href|start|colspan|rowspan|display|xmlns)$/.test(name)) element.removeAttribute(name);
  return new XMLSerializer().serializeToString(copy);
}
