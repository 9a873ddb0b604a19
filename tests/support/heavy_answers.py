"""Answers that make a careless renderer work for minutes, none longer than an answer may be: by accident or on purpose.

What is in it goes back to cmark's pathological tests (test/pathological_tests.py), and to what froze this page once.
"""

import random
from itertools import pairwise

from tests.support.documents import random_document

KB = 1024
BACKSLASH = "\\"


def _table(columns: int, rows: int, row: str = "|") -> str:
    return "\n".join(["|a" * columns + "|", "|-" * columns + "|", *[row] * rows])


def _macros() -> str:
    grow = "".join(rf"\def\{name}{{{(BACKSLASH + before) * 10}}}" for before, name in pairwise("abcdef"))
    return rf"$$\def\a{{xxxxxxxxxx}}{grow}\f$$"


HEAVY = {
    "table: 2,000 columns, 4,000 rows": _table(2_000, 4_000),
    "table: 90 columns, 8,000 rows": _table(90, 8_000),
    "table: 5 columns, 1,500 rows": _table(5, 1_500, "|1|*2*|`3`|4|5|"),
    "table: one line of pipes": "|" * 16 * KB + "\n|-|",
    "TeX: macros that grow": _macros(),
    "TeX: a matrix": r"$$\begin{matrix}" + "&" * 900 + r"\\" * 400 + r"\end{matrix}$$",
    "TeX: fractions within each other": "$" + r"\frac{1}{" * 200 + "x" + "}" * 200 + "$",
    "TeX: roots within each other": "$" + r"\sqrt{" * 28 + "x" + "}" * 28 + "$",
    "TeX: a long one": "$" + "x" * 16 * KB + "$",
    "TeX: 4,000 formulas": "$x$ " * 4_000,
    "TeX: formulas in 700 paragraphs": "so $x_1^2 + \\frac{a}{b}$\n\n" * 700,
    "TeX: dollars": "$a" * 8 * KB,
    "TeX: brackets": r"\[a " * 4_000,
    "code: links in markdown, 8 KB": "```md\n" + "[a](" * 2 * KB + "\n```",
    "code: links in markdown, 16 KB": "```md\n" + "[a](" * 4 * KB + "\n```",
    "code: tags in HTML": "```html\n" + "<a " * 5_000 + "\n```",
    "code: templates in JavaScript": "```js\n" + "`${" * 5_000 + "\n```",
    "code: 300 KB of Python": "```python\n" + "def f(x): return 'a' + str(x)  # why\n" * 8_000 + "```",
    "quotes: 4 KB": ">" * 4 * KB,
    "quotes: 3,000, then text": "> " * 3_000 + "x",
    "quotes and lists": "> - " * 2_000 + "x",
    "lists within each other": "- " * 8_000 + "x",
    "lists, one deeper each line": "\n".join("  " * depth + "- x" for depth in range(180)),
    "list: 3,000 tasks": "- [ ] a\n" * 3_000,
    "links that do not close": "[a](" * 4_000,
    "links: brackets": "[" * 16 * KB,
    "links: images within each other": "![" * 8_000 + "](x)" * 2_000,
    "links: references": "[a]: /u\n" * 2_000 + "\n" + "[a] " * 2_000,
    "links: addresses": "http://a.b/" * 1_500,
    "links: www.": "www." * 4_000,
    "links: e-mail addresses": "a@b." * 4_000,
    "emphasis that does not close": "*a **a " * 2_500,
    "emphasis: mixed marks": "a**b" * 4_000 + "c*" * 3_000,
    "emphasis: underscores": "_a " * 5_000,
    "emphasis: tildes": "~a~~b" * 3_000,
    "emphasis: Japanese": "**「a」**の" * 2_000,
    "backticks of all lengths": "".join("`" * length + " " for length in range(1, 170)),
    "backslashes": "\\" * 16 * KB,
    "entities": "&a" * 8_000,
    "HTML: tags": "<a b=" * 3_000,
    "HTML: comments": "<!--" * 4_000,
    "HTML: details": "<details>\n<summary>a</summary>\n\n" * 400,
    "HTML: sub within each other": "<sub>" * 3_000 + "x" + "</sub>" * 3_000,
    "footnotes": "".join(f"a[^{number}]\n\n[^{number}]: x\n\n" for number in range(800)),
    "headings": "# a\n" * 4_000,
    "notes": "> [!NOTE]\n> a\n\n" * 1_000,
    "one paragraph of 100 KB": "word " * 20 * KB,
    "one word of 100 KB": "x" * 100 * KB,
    "6,000 paragraphs": "word *a* `b`\n\n" * 6_000,
    "spaces": " " * 16 * KB + "x",
    "tabs": "\t" * 16 * KB + "x",
}


def mutated(seed: int) -> str:
    """A random document of which pieces were lost, doubled, repeated or torn apart."""
    chance = random.Random(seed)  # noqa: S311 - documents, not secrets
    text = random_document(chance)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.randint(1, 40))
        piece = text[start:end]
        times = chance.choice([0, 0, 2, 50, 400])
        text = text[:start] + piece * times + chance.choice(["", "\n", "`", "$", "[", "|", "> "]) + text[end:]
    return text[: 24 * KB] or "x"
