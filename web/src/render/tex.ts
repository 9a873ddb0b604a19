// The lazily loaded part of math.ts: Temml, which builds MathML nodes itself; `trust: false` keeps links out.

import temml from "temml";

/** What is not TeX, or not all of it yet, stays as it was written. */
export function convert(tex: string, display: boolean): Node {
  try {
    const options = { displayMode: display, throwOnError: true, trust: false };
    return temml.__renderToMathMLTree(tex, options).toNode() as Node;
  } catch {
    return new Text(tex);
  }
}
