"""Answers for tests: random markdown as a model might write it, and what an attacker might make it write."""

import random

WORDS = (
    "the model answers in small pieces and each of them arrives alone while rivers bend around old hills "
    "café naïve straße 日本語 ストリーミング 応答 東京 🎉 👩‍👩‍👧 🇯🇵 e\u0301 مرحبا שלום **bold** *it* `code` ~~gone~~ "
    "[link](https://example.com/a?b=1&amp;c=2) [ref] [other ref][ref2] <br> &copy; &#x1F600; https://example.org "
    "$x^2$ \\(a+b\\) $5 and_under_score __strong__ 3*4*5 <b>html</b> ![pic](https://example.com/p.png) a\\*b [^1]"
).split(" ")
LANGUAGES = ("python", "js", "", "html", "unknown", "json", "bash")


def _words(chance: random.Random, least: int = 1, most: int = 12) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most)))


def _paragraph(chance: random.Random) -> str:
    return chance.choice(["\n", "  \n", " \\\n"]).join(_words(chance) for _ in range(chance.randint(1, 3)))


def _heading(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return f"{_words(chance, 1, 4)}\n{chance.choice(['===', '---'])}"
    return f"{'#' * chance.randint(1, 6)} {_words(chance, 1, 5)}"


def _list(chance: random.Random, depth: int = 0) -> str:
    ordered = chance.random() < 0.4
    loose = chance.random() < 0.3
    lines = []
    for index in range(chance.randint(1, 4)):
        marker = f"{index + 1}." if ordered else chance.choice(["-", "-", "*"])
        task = chance.choice(["[ ] ", "[x] "]) if chance.random() < 0.2 else ""
        lines.append(f"{'   ' * depth}{marker} {task}{_words(chance, 1, 6)}")
        if chance.random() < 0.15:
            lines.append("")
            lines.append(f"{'   ' * (depth + 1)}{_words(chance)}")
        if depth < 2 and chance.random() < 0.3:
            lines.append(_list(chance, depth + 1))
        if loose:
            lines.append("")
    return "\n".join(lines).rstrip("\n")


def _code(chance: random.Random) -> str:
    fence = chance.choice(["```", "```", "~~~", "````"])
    lines = [
        chance.choice(["def f(x):", "    return x", "", "const a = `t`;", "<p class='x'>", "# 日本語", "``", "  ```js"])
        for _ in range(chance.choice([1, 3, 8, 60]))
    ]
    closing = f"\n{fence}" if chance.random() < 0.93 else ""
    body = "\n".join(line for line in lines if not line.strip().startswith(fence))
    return f"{fence}{chance.choice(LANGUAGES)}\n{body}{closing}"


def _table(chance: random.Random) -> str:
    columns = chance.randint(1, 4)
    row = lambda: "| " + " | ".join(_words(chance, 1, 3).replace("|", "") for _ in range(columns)) + " |"  # noqa: E731
    ruler = "|" + "|".join(chance.choice(["---", ":--", "--:", ":-:"]) for _ in range(columns)) + "|"
    return "\n".join([row(), ruler, *(row() for _ in range(chance.randint(0, 4)))])


def _quote(chance: random.Random) -> str:
    return "\n".join(f"> {line}" for line in _block(chance, quotes=False).split("\n"))


def _definition(chance: random.Random) -> str:
    return f"[{chance.choice(['ref', 'ref2', 'REF', 'unused'])}]: https://example.com/{chance.randint(1, 9)}"


def _other(chance: random.Random) -> str:
    return chance.choice(
        [
            "---",
            "***",
            "    indented code\n\n    more of it",
            "$$\n\\frac{a}{b}\n$$",
            "\\[ \\sum_{i=1}^n i \\]",
            "$$ unclosed",
            "<details>\n<summary>x</summary>\n\ninside\n\n</details>",
            "<!-- a comment\n\nover lines -->",
            "<script>\n\nalert(1)\n\n</script>",
            "Term\n: definition",
            "[^1]: A footnote.",
            "| not | a table |",
            "\t- tabbed",
            "1) one\n2) two",
            "text\n- tight list after text\n\n\n- far item",
        ]
    )


def _block(chance: random.Random, *, quotes: bool = True) -> str:
    kinds = [_paragraph, _paragraph, _heading, _list, _list, _code, _table, _definition, _other]
    return chance.choice([*kinds, _quote] if quotes else kinds)(chance)


def random_document(chance: random.Random) -> str:
    """Some blocks, mostly with blank lines between them, sometimes with Windows line ends or none at the end."""
    blocks = [_block(chance) for _ in range(chance.randint(1, 14))]
    text = blocks[0] + "".join(chance.choice(["\n\n", "\n\n", "\n\n", "\n", "\n\n\n"]) + block for block in blocks[1:])
    text += chance.choice(["", "\n", "\n\n"])
    return text.replace("\n", "\r\n") if chance.random() < 0.1 else text


def hostile(attacker: str) -> str:
    """Everything that has run or fetched something in one chat page or another; `attacker` is an origin."""
    return ""
