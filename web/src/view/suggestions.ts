// Saved prompts: "/" and the beginning of a name in the message box offers them.

import { settings } from "../core/settings";
import type { Prompt } from "../core/types";
import { h } from "../dom/element";
import type { Composer } from "./composer";
import { isComposing } from "./enter";
import { byId } from "./page";

export function startSuggestions(composer: Composer): void {
  const { box } = composer;
  const list = byId("suggestions");
  let offered: Prompt[] = [];
  let selected = 0;

  const show = () => {
    list.hidden = offered.length === 0;
    list.replaceChildren(
      ...offered.map(({ name, text }, index) =>
        h(
          "div",
          { role: "option", id: `prompt-${index}`, "aria-selected": index === selected },
          h("b", {}, `/${name}`),
          h("span", {}, text),
        ),
      ),
    );
    if (offered.length) box.setAttribute("aria-activedescendant", `prompt-${selected}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const offer = () => {
    const typed = /^\/(\S*)$/.exec(box.value)?.[1]?.toLowerCase();
    const had = offered.length;
    offered =
      typed === undefined
        ? []
        : settings().prompts.filter(({ name }) => name.toLowerCase().startsWith(typed));
    selected = 0;
    if (had || offered.length) show();
  };
  const take = (index: number) => {
    const prompt = offered[index];
    offered = [];
    show();
    if (prompt) composer.replace(prompt.text);
  };

  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", offer);
  // Before the composer's own listener: Enter chooses here.
  box.addEventListener(
    "keydown",
    (event) => {
      if (!offered.length || isComposing(event)) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        selected = (selected + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
        show();
      } else if (event.key === "Enter" || event.key === "Tab") take(selected);
      else if (event.key === "Escape") {
        offered = [];
        show();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}
