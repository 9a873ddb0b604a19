// Chinese, Japanese and Korean: no spaces stand between their words, nor before something else.

/** For a class of characters in a regular expression with the flag `u`. */
export const EAST_ASIAN = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef`;
