// HTML character references, decoded without an HTML parser: all numeric ones, and the names models really write.

const named = new Map(
  `amp& lt< gt> quot" apos' nbsp\u00a0 copy© reg® trade™ hellip… mdash— ndash– lsquo‘ rsquo’ ldquo“ rdquo” sbquo‚ bdquo„
  laquo« raquo» lsaquo‹ rsaquo› bull• middot· deg° plusmn± times× divide÷ frac12½ frac14¼ frac34¾ sup1¹ sup2² sup3³ micro\u00b5 para¶ sect§
  cent¢ pound£ yen¥ euro€ larr← uarr↑ rarr→ darr↓ harr↔ lArr⇐ rArr⇒ hArr⇔ ne≠ le≤ ge≥ asymp≈ equiv≡ infin∞ radic√ sum∑ prod∏ int∫ part∂
  nabla∇ forall∀ exist∃ empty∅ isin∈ notin∉ sub⊂ sup⊃ cap∩ cup∪ and∧ or∨ not¬ minus− check✓ dagger† Dagger‡ permil‰ prime′ Prime″
  alpha\u03b1 beta\u03b2 gamma\u03b3 delta\u03b4 epsilon\u03b5 theta\u03b8 lambda\u03bb mu\u03bc pi\u03c0 rho\u03c1 sigma\u03c3 tau\u03c4 phi\u03c6 omega\u03c9 Delta\u0394 Sigma\u03a3 Omega\u03a9
  auml\u00e4 ouml\u00f6 uuml\u00fc Auml\u00c4 Ouml\u00d6 Uuml\u00dc szlig\u00df eacute\u00e9 egrave\u00e8 ecirc\u00ea agrave\u00e0 aacute\u00e1 iacute\u00ed oacute\u00f3 uacute\u00fa ntilde\u00f1 ccedil\u00e7 aring\u00e5 oslash\u00f8 aelig\u00e6`
    .split(/[ \n]+/)
    .map((entry) => [entry.slice(0, -1), entry.slice(-1)] as const),
);

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]*));/g;

function character(code: number): string {
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : "\ufffd";
}

export const decodeEntities = (text: string): string =>
  text.includes("&")
    ? text.replace(reference, (all, decimal?: string, hex?: string, name?: string) => {
        if (decimal) return character(Number(decimal));
        if (hex) return character(Number.parseInt(hex, 16));
        return named.get(name ?? "") ?? all;
      })
    : text;
