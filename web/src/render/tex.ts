// The lazily loaded part of math.ts: Temml, which builds MathML nodes itself; `trust: false` keeps links out.

import temml from "temml";
import { TEX_CELLS, TEX_CHARS, TEX_DEPTH } from "./limits";

/** Macros are for papers; here they could make a few characters grow into millions. */
const definition =
  /\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|newenvironment|global|long|expandafter)(?![a-zA-Z])/;

/** Undefined: not TeX, or more than is good for the page; it stays as it was written. */
export function convert(tex: string, display: boolean): Node | undefined {
  if (tex.length > TEX_CHARS || depthOf(tex) > TEX_DEPTH || cellsOf(tex) > TEX_CELLS || definition.test(tex))
    return undefined;
  try {
    const options = { displayMode: display, throwOnError: true, trust: false, maxExpand: 200 };
    return temml.__renderToMathMLTree(tex, options).toNode() as Node;
  } catch {
    return undefined;
  }
}

const tokens = /\\(begin|end)\s*\{([a-zA-Z]+\*?)\}|\\(left|right)(?![a-zA-Z])|\\.|[{}]/gs;

function depthOf(tex: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token, edge, , side] of tex.matchAll(tokens)) {
    if (token === "{" || edge === "begin" || side === "left") deepest = Math.max(deepest, ++depth);
    else if (token === "}" || edge === "end" || side === "right") depth--;
  }
  return deepest;
}

/** Every row of an array has as many cells as its longest. */
function cellsOf(tex: string): number {
  const rows = tex.split(/\\\\|\\cr(?![a-zA-Z])/);
  return rows.length * Math.max(...rows.map((row) => row.split("&").length));
}

/** Converts the beginning of a formula: what is open in it is closed. */
export function convertPart(tex: string, display: boolean): Node | undefined {
  const text = tex.replace(/(?:\\[a-zA-Z]*|\\(?:begin|end|text|mathrm)\s*\{[^}]*|[\^_&]\{?|\{)$/, "");
  const open: string[] = [];
  for (const [token, edge, name, side] of text.matchAll(tokens)) {
    if (token === "{") open.push("}");
    else if (edge === "begin") open.push(`\\end{${name}}`);
    else if (side === "left") open.push("\\right.");
    else if (token === "}" || edge === "end" || side === "right") open.pop();
  }
  return text.trim() ? convert(text + open.reverse().join(""), display) : undefined;
}
