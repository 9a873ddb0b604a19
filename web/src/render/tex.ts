// The lazily loaded part of math.ts: Temml, which builds MathML nodes itself; `trust: false` keeps links out.

import temml from "temml";

export function convert(tex: string, display: boolean): Node {
  const tree = temml.__renderToMathMLTree(tex, { displayMode: display, throwOnError: false, trust: false });
  return tree.toNode() as Node;
}
