// How much work an answer may make, whatever a model writes. Beyond a limit the source is shown as it was written.

/** Characters of a block, code apart: a longer one is cut in two at the end of a line. */
export const BLOCK_CHARS = 32_000;

/** One paragraph, heading or cell: its characters, those of them that may be marks, and those that may begin a link. */
export const INLINE_CHARS = 10_000;
export const INLINE_MARKS = 1_500;
export const INLINE_BRACKETS = 300;

/** Characters of an address that becomes a link by itself. */
export const URL_CHARS = 2_000;

/** Quotes and lists within each other, counted as markdown-it counts: a list is two levels. */
export const BLOCK_DEPTH = 24;

/** Emphasis and links within each other. */
export const INLINE_DEPTH = 40;

/** Columns of a table; its cells that are shown before somebody asks for all, and those that can be asked for. */
export const TABLE_COLUMNS = 100;
export const TABLE_CELLS = 2_000;
export const TABLE_CELLS_ASKED = 50_000;

/** Characters of a formula, what is within each other in it, and the cells of its arrays. */
export const TEX_CHARS = 2_000;
export const TEX_DEPTH = 12;
export const TEX_CELLS = 400;

/** Characters of a block whose code is coloured, and milliseconds after which a grammar is given up. */
export const CODE_CHARS = 500_000;
export const CODE_MS = 3_000;
