// What models write beyond the specifications, and what it becomes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { growing, html, render } from "./render";

function become(cases: Record<string, string>): void {
  for (const [markdown, expected] of Object.entries(cases))
    test(JSON.stringify(markdown), async () => assert.equal(await html(markdown), expected));
}

const code = await html("```js\nx\n```");

/** Emphasis where there are no spaces; the first three are from what was found, the others from the amendment's tests. */
describe("emphasis beside Chinese, Japanese and Korean", () => {
  become({
    "これは**「重要」**です": "<p>これは<strong>「重要」</strong>です</p>",
    "**重要：**これを読む": "<p><strong>重要：</strong>これを読む</p>",
    "**100%**です": "<p><strong>100%</strong>です</p>",
    "**注意（必読）**を確認": "<p><strong>注意（必読）</strong>を確認</p>",
    "この*「例」*と~~「旧」~~を": "<p>この<em>「例」</em>と<del>「旧」</del>を</p>",
    "**こんにちは。**世界": "<p><strong>こんにちは。</strong>世界</p>",
    "这是**“重点”**内容": "<p>这是<strong>“重点”</strong>内容</p>",
    "**重点：**请看这里，**（二）**和**三。**四":
      "<p><strong>重点：</strong>请看这里，<strong>（二）</strong>和<strong>三。</strong>四</p>",
    "**중요(필독)**입니다": "<p><strong>중요(필독)</strong>입니다</p>",
    "이것은 **'강조'**와 **\"인용\"**입니다":
      "<p>이것은 <strong>'강조'</strong>와 <strong>\"인용\"</strong>입니다</p>",
    "**[リンク](https://e.com/)**です": '<p><strong><a href="https://e.com/">リンク</a></strong>です</p>',
  });
});

describe("mathematics is what is meant as such", () => {
  const math = (tex: string) => `<math>${tex}</math>`;
  const wide = (tex: string) => `<math wide>${tex}</math>`;
  const block = (tex: string) => `<math block>${tex}</math>`;
  become({
    "costs about $0.02 per 1K tokens; set `$OPENAI_API_KEY`":
      "<p>costs about $0.02 per 1K tokens; set <code>$OPENAI_API_KEY</code></p>",
    "between $5 and $10, or 5$": "<p>between $5 and $10, or 5$</p>",
    "$5, or 5$ there": "<p>$5, or 5$ there</p>",
    "$5–$10 and US$3, A$4": "<p>$5–$10 and US$3, A$4</p>",
    "echo $HOME/$USER": "<p>echo $HOME/$USER</p>",
    "$ x$ and $x $": "<p>$ x$ and $x $</p>",
    $x$2: "<p>$x$2</p>",
    "$a `$` b": "<p>$a <code>$</code> b</p>",
    "\\$x$ and $y\\$": "<p>$x$ and $y$</p>",
    "so $x_1$, $2n$ and ($k$-th)": `<p>so ${math("x_1")}, ${math("2n")} and (${math("k")}-th)</p>`,
    "式$x^2$は": `<p>式${math("x^2")}は</p>`,
    "式 $x^2$ は": `<p>式 ${math("x^2")} は</p>`,
    "in \\(a+b\\) and \\[x\\] here": `<p>in ${math("a+b")} and ${wide("x")} here</p>`,
    "in $$y$$ here": `<p>in ${wide("y")} here</p>`,
    "$$\nx\n=\ny\n$$": block("x\n=\ny"),
    "\\[\n\\frac{a}{b}\n\\]\nafter": `${block("\\frac{a}{b}")}<p>after</p>`,
    "- a\n  $$\n  x\n  $$": `<ul><li>a${block("x")}</li></ul>`,
    "\\[text\\](https://e.com/)": '<p>[text](<a href="https://e.com/">https://e.com/</a>)</p>',
    "\\[\\]": "<p>[]</p>",
    "$$ never closed": "<p>$$ never closed</p>",
  });
});

describe("addresses", () => {
  const link = (url: string, text = url) => `<a href="${url}">${text}</a>`;
  become({
    "詳細はhttps://e.com/a?b=1を参照。": `<p>詳細は${link("https://e.com/a?b=1")}を参照。</p>`,
    "（https://e.com/x）と「http://e.com/y」": `<p>（${link("https://e.com/x")}）と「${link("http://e.com/y")}」</p>`,
    "见https://e.com/p，以及www.e.com。": `<p>见${link("https://e.com/p")}，以及${link("http://www.e.com/", "www.e.com")}。</p>`,
    "http://localhost:8000/docs works": `<p>${link("http://localhost:8000/docs")} works</p>`,
    "xhttps://e.com and a@b.c.": `<p>xhttps://e.com and ${link("mailto:a@b.c", "a@b.c")}.</p>`,
    "[![build](https://e.com/i.svg)](https://e.com/run)": `<p>${link("https://e.com/run", "build")}</p>`,
    "![a **b** `c` [d](https://e.com/d)](https://e.com/i.png)": `<p>${link("https://e.com/i.png", "a b c d")}</p>`,
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](/relative)": "<p>a b c</p>",
    "[https://e.com/x](https://e.com/y)": `<p>${link("https://e.com/y", "https://e.com/x")}</p>`,
  });
});

describe("GitHub's other blocks", () => {
  const box = (done: boolean) =>
    `<span aria-label="${done ? "Done" : "To do"}" class="box" role="img">${done ? "☑" : "☐"}</span>`;
  become({
    "- [x] a\n  - [ ] b\n    1. [ ] c\n2. [x] d":
      `<ul><li class="task">${box(true)} a<ul><li class="task">${box(false)} b<ol><li class="task">${box(false)} c</li></ol></li></ul></li></ul>` +
      `<ol start="2"><li class="task">${box(true)} d</li></ol>`,
    "- [ ]\n- [y] a\n- [x]b": "<ul><li>[ ]</li><li>[y] a</li><li>[x]b</li></ul>",
    "> [!WARNING]\n> Mind *this*.\n>\n> And that.":
      '<blockquote class="alert alert-warning"><p class="alert-title">Warning</p><p>Mind <em>this</em>.</p><p>And that.</p></blockquote>',
    "> [!tip]\n>\n> - a":
      '<blockquote class="alert alert-tip"><p class="alert-title">Tip</p><ul><li>a</li></ul></blockquote>',
    "> [!OTHER]\n> text": "<blockquote><p>[!OTHER]\ntext</p></blockquote>",
    "H<sub>2</sub>O, x<sup>*n*</sup>, a<br>b": "<p>H<sub>2</sub>O, x<sup><em>n</em></sup>, a<br>b</p>",
    "<sub>open, </sup>closed, <b>html</b>":
      "<p>&lt;sub&gt;open, &lt;/sup&gt;closed, &lt;b&gt;html&lt;/b&gt;</p>",
    "*a<sub>b*c</sub>": "<p><em>a&lt;sub&gt;b</em>c&lt;/sub&gt;</p>",
    "<details>\n<summary>More **here**</summary>\n\n- a\n\n```js\nx\n```\n\n</details>\n\nafter":
      "<details><summary>More <strong>here</strong></summary><ul><li>a</li></ul>" +
      code +
      "</details><p>after</p>",
    "<details open><summary>a</summary>text</details>\n\nb":
      '<details open=""><summary>a</summary><p>text</p></details><p>b</p>',
    "<details>\n<summary>a</summary>\n\n<details>\n<summary>b</summary>\n\nc\n\n</details>\n\nd\n\n</details>\n\ne":
      "<details><summary>a</summary><details><summary>b</summary><p>c</p></details><p>d</p></details><p>e</p>",
    "<div>\n<script>alert(1)</script>\n</div>":
      "<p>&lt;div&gt;\n&lt;script&gt;alert(1)&lt;/script&gt;\n&lt;/div&gt;</p>",
  });
});

describe("footnotes", () => {
  const mark = (label: string) =>
    `<sup><button aria-label="Footnote ${label}" class="footnote-mark" data-label="${label}" type="button">${label}</button></sup>`;
  const note = (label: string, content: string) =>
    `<div class="footnote" data-label="${label}" role="note" tabindex="-1"><sup>${label}</sup><div>${content}</div></div>`;
  become({
    "a[^1] b[^why]\n\n[^1]: One.\n[^why]: Because\n    of *this*.": `<p>a${mark("1")} b${mark("why")}</p>${note("1", "<p>One.</p>")}${note("why", "<p>Because\nof <em>this</em>.</p>")}`,
    "a[^1] and [^2]\n\n[^2]: Two.": `<p>a[^1] and ${mark("2")}</p>${note("2", "<p>Two.</p>")}`,
    "the class [^a-z] matches": "<p>the class [^a-z] matches</p>",
  });
});

describe("while more is to come", () => {
  const cases: Record<string, string> = {
    "This is **quite sim": "<p>This is <strong>quite sim</strong></p>",
    "This is **bold*": "<p>This is <strong>bold</strong></p>",
    "a ***b": "<p>a <em><strong>b</strong></em></p>",
    "a *b **c": "<p>a <em>b <strong>c</strong></em></p>",
    "a **`git re": "<p>a <strong><code>git re</code></strong></p>",
    "a **[the docs](https://exam": "<p>a <strong>the docs</strong></p>",
    "2 * 3 and 4*5": "<p>2 * 3 and 4*5</p>",
    "run `npm inst": "<p>run <code>npm inst</code></p>",
    "see [the do": "<p>see the do</p>",
    "see [the docs](https://exam": "<p>see the docs</p>",
    "see ![a cat](https://exam": "<p>see a cat</p>",
    "x[0": "<p>x[0</p>",
    "by [1": "<p>by [1</p>",
    "a &am": "<p>a </p>",
    "a <br": "<p>a </p>",
    "if a < b": "<p>if a &lt; b</p>",
    "- a\n-": "<ul><li>a</li></ul>",
    "1. a\n2": "<ol><li>a</li></ol>",
    "1. a\n2.": "<ol><li>a</li></ol>",
    "- a\n- [": "<ul><li>a</li></ul>",
    "a\n\n#": "<p>a</p>",
    "a\n--": "<p>a</p>",
    "a\n\n``": "<p>a</p>",
    "| a | b":
      '<div class="table" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead></table></div>',
    "| a | b |\n|--":
      '<div class="table" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead></table></div>',
    "> [!NO": "<blockquote><p></p></blockquote>",
    "costs $5 and": "<p>costs $5 and</p>",
    "set $API_KEY": "<p>set $API_KEY</p>",
  };
  for (const [markdown, expected] of Object.entries(cases))
    test(JSON.stringify(markdown), () => assert.equal(growing(markdown), expected));

  test("a fence that is about to close shows none of its marks", () => {
    assert.ok(!growing("```js\nx\n``").includes("`"));
  });
});

test("thousands of quotes within each other are text in the end", async () => {
  const root = await render(`${">".repeat(3_000)} deep`);

  assert.match(root.textContent, />>>>>> deep$/);
});
