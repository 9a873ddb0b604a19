// What is copied from an answer by hand: formulas as TeX, not one symbol a line; code without what its frame says.

const skipped = "figcaption, button:not(.footnote-mark)";
const line = "p, li, div, pre, figure, blockquote, tr, h2, h3, h4, h5, h6, hr, details, summary";

/** The text of what is selected. */
export function textOf(node: Node): string {
  if (node instanceof Text) return node.data;
  if (node instanceof Element) {
    if (node.matches(skipped)) return "";
    if (node.matches("br")) return "\n";
    if (node.matches(".footnote-mark")) return `[${node.textContent}]`;
    const tex = node.getAttribute("data-tex");
    if (tex !== null) return node.matches("div") ? `\n$$\n${tex}\n$$\n` : `$${tex}$`;
  }
  const text = [...node.childNodes].map(textOf).join("");
  if (!(node instanceof Element)) return text;
  if (node.matches("td, th")) return `${text}\t`;
  return node.matches(line) && text ? `\n${text.replace(/\t$/, "")}\n` : text;
}

/** A range that begins or ends within a formula takes all of it. */
function whole(range: Range): Range {
  const formula = (node: Node) =>
    (node instanceof Element ? node : node.parentElement)?.closest("[data-tex]");
  const result = range.cloneRange();
  const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
  if (first) result.setStartBefore(first);
  if (last) result.setEndAfter(last);
  return result;
}

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return;
  const selected = whole(selection.getRangeAt(0)).cloneContents();
  if (!selected.querySelector("[data-tex], figcaption")) return;
  event.preventDefault();
  const holder = document.createElement("div");
  holder.append(selected);
  event.clipboardData?.setData("text/html", holder.innerHTML);
  event.clipboardData?.setData(
    "text/plain",
    textOf(holder)
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
  );
});
