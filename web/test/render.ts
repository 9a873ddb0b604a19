// The renderer without a browser: a document for it to build into.

import { parseHTML } from "linkedom";

export const { document } = parseHTML("<!doctype html><html><body></body></html>");
Object.assign(globalThis, { document });

const { Markdown } = await import("../src/render/document");

/** All of `markdown`, rendered at once. */
export async function render(markdown: string): Promise<HTMLElement> {
  const root = document.createElement("div");
  const renderer = new Markdown(root);
  renderer.push(markdown);
  renderer.update(true);
  await renderer.done;
  return root;
}

const LEFT_OUT = new Set(["dir", "title", "rel", "target"]);
const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (mark) => ({ "&": "&amp;", "<": "&lt;" })[mark] ?? "&gt;");

/** As HTML: attributes in alphabetical order without those that every block and link has, formulas by their source. */
function outline(node: Node): string {
  if (node.nodeType === 3) return escaped(node.textContent ?? "");
  const { localName, attributes, childNodes } = node as Element;
  const tex = (node as Element).getAttribute("data-tex");
  if (tex !== null) {
    const wide = (node as Element).matches(".display") ? " wide" : "";
    return `<math${localName === "div" ? " block" : wide}>${escaped(tex)}</math>`;
  }
  const named = [...attributes]
    .filter(({ name }) => !LEFT_OUT.has(name))
    .map(({ name, value }) => ` ${name}="${value}"`);
  const content = [...childNodes].map(outline).join("");
  return `<${localName}${named.sort().join("")}>${content}${/^(?:br|hr)$/.test(localName) ? "" : `</${localName}>`}`;
}

const inside = (root: Element): string => [...root.childNodes].map(outline).join("");

export const html = async (markdown: string): Promise<string> => inside(await render(markdown));

/** What is shown while more is to come. */
export function growing(markdown: string): string {
  const root = document.createElement("div");
  const renderer = new Markdown(root);
  renderer.push(markdown);
  while (renderer.update());
  return inside(root);
}
