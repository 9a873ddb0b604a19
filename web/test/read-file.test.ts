import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../src/view/read-file";

// Bytes by Python's codecs, not by what is under test.
const TEXT = "これは日本語の文章です。東京は大きい。\n";
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

for (const [name, hex] of Object.entries({
  "UTF-8":
    "e38193e3828ce381afe697a5e69cace8aa9ee381aee69687e7aba0e381a7e38199e38082e69db1e4baace381afe5a4a7e3818de38184e380820a",
  "UTF-8 with a mark":
    "efbbbfe38193e3828ce381afe697a5e69cace8aa9ee381aee69687e7aba0e381a7e38199e38082e69db1e4baace381afe5a4a7e3818de38184e380820a",
  Shift_JIS: "82b182ea82cd93fa967b8cea82cc95b68fcd82c582b78142938c8b9e82cd91e582ab82a281420a",
  "EUC-JP": "a4b3a4eca4cfc6fccbdcb8eca4cecab8becfa4c7a4b9a1a3c5ecb5fea4cfc2e7a4ada4a4a1a30a",
  "ISO-2022-JP": "1b24422433246c244f467c4b5c386c244e4a383e4f244724392123456c357e244f4267242d242421231b28420a",
  "UTF-16LE": "fffe53308c306f30e5652c679e8a6e308765e07a6730593002307167ac4e6f3027594d30443002300a00",
  "UTF-16BE": "feff3053308c306f65e5672c8a9e306e65877ae030673059300267714eac306f5927304d30443002000a",
})) {
  test(`${name} is read`, () => {
    assert.equal(decode(bytes(hex)), TEXT);
  });
}

test("a short Shift_JIS file is read", () => {
  assert.equal(decode(bytes("93fa967b")), "日本");
});

test("Windows' Western encoding is read", () => {
  assert.equal(
    decode(
      bytes(
        "44617320436166e920616e206465722053747261df6520f666666e657420756d207a65686e205568722c2073fcdf652053616368656e2066fc7220616c6c652e",
      ),
    ),
    "Das Café an der Straße öffnet um zehn Uhr, süße Sachen für alle.",
  );
});

test("pictures and programs are no text", () => {
  assert.equal(decode(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3)), undefined);
  assert.equal(decode(bytes("7f454c4602010100000000000000000003003e0001000000")), undefined);
});
