import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogs, type Part } from "../src/i18n/translate";

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

for (const [language, catalog] of Object.entries(catalogs)) {
  for (const part of ["page", "dialogs"] satisfies Part[]) {
    test(`${language} has every text of English's ${part} part, with the same placeholders`, async () => {
      const { words: english } = await catalogs.en[part]();
      const { words } = await catalog[part]();

      assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
      for (const [key, text] of Object.entries(words)) {
        assert.ok(text.trim(), key);
        assert.deepEqual(placeholders(text), placeholders(english[key] ?? ""), key);
      }
    });
  }
}

test("a text is in one part only", async () => {
  const [page, dialogs] = await Promise.all([catalogs.en.page(), catalogs.en.dialogs()]);

  assert.deepEqual(
    Object.keys(dialogs.words).filter((key) => key in page.words),
    [],
  );
});
