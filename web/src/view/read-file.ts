// Text out of a file, whatever its encoding. Loaded with the first file.

import { detect } from "chardet";

/** A file without so many bytes says nothing about its encoding. */
const TELLING = 20;
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** The text of a file, or undefined if it is none. */
export function decode(bytes: Uint8Array): string | undefined {
  for (const encoding of candidates(bytes)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!CONTROL.test(text)) return text;
    } catch {
      // Not this one, or none that the browser knows.
    }
  }
  return undefined;
}

/** ISO-2022-JP's way from ASCII to Japanese and back. */
const ISO_2022_JP = /\x1b\$[@B][^\x1b]*\x1b\(/;

/** UTF-8 first: what is valid UTF-8 is hardly ever anything else, but for what is written in ASCII's characters. */
function* candidates(bytes: Uint8Array): Generator<string> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) yield "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) yield "utf-16be";
  if (ISO_2022_JP.test(new TextDecoder("latin1").decode(bytes))) yield "iso-2022-jp";
  yield "utf-8";
  const guess = detect(bytes);
  if (guess && bytes.length >= TELLING) yield guess;
  // Too short to be sure: what Japanese files are, then what Western ones are.
  yield "shift_jis";
  if (guess) yield guess;
}
