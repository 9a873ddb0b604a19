// Tables. Wide ones scroll by themselves, by keyboard too; of very long ones the rest is shown as it was written, until
// somebody asks for it.

import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { Blocks } from "./blocks";
import { TABLE_CELLS_ASKED } from "./limits";
import { parseBlocks, type Token } from "./syntax/parser";

export function table(blocks: Blocks, { level, meta }: Token): HTMLElement {
  const rows = rowsOf(blocks, level);
  const [head, ...body] = rows;
  const tbody = h("tbody", {}, ...body);
  const element = h("table", {}, h("thead", {}, head), ...(body.length ? [tbody] : []));
  const rest = meta ? others(blocks, meta as unknown as Rest, tbody, head?.children.length ?? 1) : [];
  return h("div", { class: "table", tabindex: 0 }, element, ...rest);
}

function rowsOf(blocks: Blocks, level: number): HTMLElement[] {
  const rows: HTMLElement[] = [];
  for (
    let token = blocks.next();
    token && (token.level > level || token.nesting >= 0);
    token = blocks.next()
  ) {
    if (token.type === "tr_open") rows.push(h("tr"));
    const tag = token.type === "th_open" ? "th" : token.type === "td_open" ? "td" : undefined;
    if (!tag) continue;
    const align = String(token.attrGet("style") ?? "").replace("text-align:", "");
    rows.at(-1)?.append(h(tag, { class: align || undefined, dir: "auto" }, ...blocks.text()));
  }
  return rows;
}

interface Rest {
  head: string;
  rest: string;
}

/** What is too much to be shown at once. */
function others({ env }: Blocks, { head, rest }: Rest, tbody: HTMLElement, columns: number): HTMLElement[] {
  const source = h("pre", { class: "rest" }, rest);
  const lines = rest.split("\n");
  if (lines.length * columns > TABLE_CELLS_ASKED) return [source];
  // A few rows at a time, so that the page goes on.
  const more = (event: Event) => {
    source.remove();
    (event.currentTarget as HTMLElement).remove();
    const next = () => {
      const tokens = parseBlocks(head + lines.splice(0, 50).join("\n"), env);
      const part = new Blocks(tokens, env, undefined);
      tbody.append(...rowsOf(part, part.next()?.level ?? 0).slice(1));
      if (lines.length) setTimeout(next);
    };
    next();
  };
  return [source, h("button", { type: "button", class: "act", onclick: more }, translate("showAll"))];
}
