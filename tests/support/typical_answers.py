"""Answers as models write them, with a bit of everything: what somebody sees while they come."""

GUIDE = r"""Here's how **quite similar** ideas work: a [short guide](https://example.com/guide?x=1) and `inline code`.

## 1. Setup

1. **Install** the tool: run `npm install` first.
2. Open the *settings* and choose ~~old~~ **new mode**.
   - nested item with [another link](https://example.org/a_b_c)
   - [ ] a task
3. Done, see https://example.com/path for more.

| Feature | Before | After |
|:--------|:------:|------:|
| Speed | *slow* | **fast** |
| Cost | $0.02 per 1K | $5 |

```python
def f(x):
    return x * 2
```

> [!NOTE]
> Remember that $E = mc^2$ and \(a+b\) hold.

The formula is:

$$
\frac{a}{b} = \sum_{i=1}^{n} x_i
$$

---

A **bold *and italic*** end. Footnote here[^1] and an image ![alt text](https://example.com/i.png).

[^1]: The note's text with **bold**.
"""

JAPANESE = """**「要点」**は三つです。詳しくは[公式の説明](https://example.jp/guide)をご覧ください。

### 手順

1. **準備：**`pip install example` を実行します。
2. 設定を開き、*新しい形式*を選びます。
   - **注意（必読）**：元に戻せません。
   - 料金は $5 です。
3. https://example.jp/help を確認します。

| 項目 | 値 |
|---|---|
| **速さ** | 100% |
| 費用 | `0` 円 |

> まとめると、**一つ目。**が大切です。

```js
console.log("こんにちは");
```

面積は \\(\\pi r^2\\) で、[参考文献](https://example.jp/a_b)も__役に立ちます__。
"""  # noqa: RUF001 - Japanese has marks of its own

SHORT = """Yes! Use **`git rebase`** for that:

- `git fetch` gets *everything* new
- **`git rebase -i`** lets you ~~lose~~ *reorder* commits ([docs](https://git-scm.com/docs/git-rebase))

```bash
git rebase -i HEAD~3
```

**Careful:** never rebase what others have.
"""

TYPICAL = {"guide": GUIDE, "japanese": JAPANESE, "short": SHORT}
