// CommonMark's and GitHub's own examples: the page builds the structure that their HTML has. What differs by design is
// listed with its reason, and nothing else may.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { tests as commonMark, type Example } from "commonmark-spec";
import { tests as commonMark029 } from "commonmark-spec-0.29";
import { structureOfHtml, structureOfPage } from "./structure";

// The examples' addresses are relative ones; the page makes links of absolute ones only.
globalThis.URL = class extends URL {
  constructor(url: string | URL, base: string | URL = "https://example.org/") {
    super(url, base);
  }
};

const { render } = await import("./render");
const { parseBlocks, parseInline } = await import("../src/render/syntax/parser");

/** Raw HTML is shown as text: there is nothing to compare. */
function hasHtml(markdown: string): boolean {
  const env = { references: {} };
  const blocks = parseBlocks(markdown.replaceAll("\r", ""), env);
  return blocks.some(
    ({ type, content }) =>
      type === "html_block" ||
      (type === "inline" && parseInline(content, env).some((token) => token.type === "html_inline")),
  );
}

const text = readFileSync("test/specs/gfm-extensions.txt", "utf8");
const extensions: Example[] = [...text.matchAll(/^`{32} example\n([^]*?)^\.\n([^]*?)^`{32}$/gm)].map(
  ([, markdown = "", html = ""], index) => ({ markdown, html, section: "extensions", number: index + 1 }),
);

const autolinks = "GFM makes links of addresses without angle brackets";

const suites: Record<string, { examples: Example[]; html: number; byDesign: Record<number, string> }> = {
  "CommonMark 0.31.2": { examples: commonMark, html: 72, byDesign: { 611: autolinks, 612: autolinks } },
  "CommonMark 0.29, which GFM 0.29 extends": {
    examples: commonMark029,
    html: 72,
    byDesign: { 607: autolinks, 608: autolinks },
  },
  "GFM 0.29's extensions": { examples: extensions, html: 1, byDesign: {} },
};

for (const [name, { examples, html, byDesign }] of Object.entries(suites)) {
  test(`${name}: ${examples.length - html} examples without raw HTML`, async () => {
    const tabs = (source: string) => source.replaceAll("→", "\t");
    const comparable = examples.filter(({ markdown }) => !hasHtml(tabs(markdown)));
    const different: number[] = [];
    for (const { markdown, html: reference, number } of comparable) {
      if (structureOfPage(await render(tabs(markdown))) !== structureOfHtml(tabs(reference)))
        different.push(number);
    }

    assert.equal(examples.length - comparable.length, html);
    assert.deepEqual(different, Object.keys(byDesign).map(Number));
  });
}
