// The structure of a rendered document as text that can be compared: of a specification's HTML, and of what the page
// builds. Whitespace between blocks, and what only this page has (directions, frames of code), is left out.

import { document } from "./render";

const BASE = "https://example.org/";
const INLINE = /^(?:a|em|strong|del|code|sup|box|br|#)/;

/** The addresses that may become links: render/url.ts. */
function address(href: string | null): string | undefined {
  try {
    const url = new URL(href ?? "", BASE);
    return /^(?:https?|mailto):$/.test(url.protocol) ? decodeURI(url.href).replaceAll("%5D", "]") : undefined;
  } catch {
    return undefined;
  }
}

type Nodes = Iterable<ChildNode>;
type Read = (element: Element, inLink: boolean) => string | undefined;

function structure(nodes: Nodes, read: Read, inLink = false): string {
  let result = "";
  for (const node of nodes) {
    if (node.nodeType === 3) result += `#${node.textContent ?? ""}#`;
    if (node.nodeType !== 1) continue;
    const element = node as unknown as Element;
    result += read(element, inLink) ?? plain(element.localName, element, read, inLink);
  }
  // Adjacent text is one text; between and around blocks it is layout.
  return result.replaceAll("##", "");
}

function plain(name: string, element: Element, read: Read, inLink: boolean, attributes = ""): string {
  const content = structure(element.childNodes, read, inLink || name === "a");
  const trimmed = INLINE.test(name)
    ? content
    : content.replace(/^#\s+/, "#").replace(/\s+#$/, "#").replace(/^##$/, "");
  return `<${name}${attributes}>${trimmed}</${name}>`;
}

function link(href: string | null, content: string, inLink: boolean): string {
  const url = address(href);
  return url && !inLink ? `<a ${url}>${content}</a>` : content;
}

const language = (info: string | null): string => (info ? ` ${info}` : "");
const pre = (info: string | null, text: string): string =>
  `<pre${language(info)}>${JSON.stringify(text)}</pre>`;

/** Of a specification's HTML. */
const ofReference: Read = (element, inLink) => {
  const name = element.localName;
  const read = (children = element.childNodes) => structure(children, ofReference, inLink);
  switch (name) {
    case "a": {
      const url = address(element.getAttribute("href"));
      return link(
        element.getAttribute("href"),
        structure(element.childNodes, ofReference, inLink || Boolean(url)),
        inLink,
      );
    }
    case "img": {
      const alt = element.getAttribute("alt") ?? "";
      const href = element.getAttribute("src");
      return link(href, alt || (address(href) && !inLink) ? `#${alt || address(href)}#` : "", inLink);
    }
    case "pre":
      return pre(
        /language-([^\s"]+)/.exec(element.innerHTML.split(">")[0] ?? "")?.[1] ?? null,
        (element.textContent ?? "").replace(/\n$/, ""),
      );
    case "ol":
      return plain(name, element, ofReference, inLink, start(element));
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
      return plain(`h${Number(name[1]) + 1}`, element, ofReference, inLink);
    case "th":
    case "td":
      return plain(name, element, ofReference, inLink, language(element.getAttribute("align")));
    case "input":
      return element.hasAttribute("checked") ? "<box>#☑#</box>" : "<box>#☐#</box>";
    case "br":
      return "<br>";
    default:
      return name === "hr" ? "<hr>" : (read(), undefined);
  }
};

const start = (element: Element): string => language(element.getAttribute("start"));

/** Of what the page builds. */
const ofPage: Read = (element, inLink) => {
  const name = element.localName;
  if (name === "figure") {
    const code = element.querySelector("code");
    return pre(code?.getAttribute("data-language") ?? null, code?.textContent ?? "");
  }
  if (name === "div") return structure(element.childNodes, ofPage, inLink);
  if (name === "a")
    return link(element.getAttribute("href"), structure(element.childNodes, ofPage, true), inLink);
  if (name === "ol") return plain(name, element, ofPage, inLink, start(element));
  if (name === "th" || name === "td")
    return plain(name, element, ofPage, inLink, language(element.getAttribute("class")));
  if (name === "span") return plain("box", element, ofPage, inLink);
  if (name === "br" || name === "hr") return `<${name}>`;
  return undefined;
};

/** Between blocks there is nothing but layout. */
const withoutLayout = (text: string): string =>
  text
    .replace(/#\s*#/g, (space) => (space.includes("\n") ? "" : space))
    .replace(
      /(<\/?(?:p|ul|ol|li|blockquote|h\d|table|thead|tbody|tr|th|td)(?: [^>]*)?>|<hr>|<\/pre>)#\s*/g,
      "$1#",
    )
    .replaceAll("##", "")
    .replace(/\s*#(<(?:ul|ol|blockquote|pre|p|h\d|table|hr)[ >])/g, "#$1");

export function structureOfHtml(html: string): string {
  const root = document.createElement("div");
  root.innerHTML = html;
  return withoutLayout(structure(root.childNodes as unknown as Nodes, ofReference));
}

export const structureOfPage = (root: Element): string =>
  withoutLayout(structure(root.childNodes as unknown as Nodes, ofPage));
