// The saved prompts in the settings: a list, and a form that adds one.

import { changeSettings, settings } from "../core/settings";
import { h } from "../dom/element";
import { translate } from "../i18n/translate";
import { field, section } from "./dialog";

export function promptsSection(): HTMLElement {
  const list = h("ul", { class: "prompts" });
  const show = () => {
    list.replaceChildren(
      ...settings().prompts.map(({ name, text }) => {
        const remove = () => {
          changeSettings({ prompts: settings().prompts.filter((prompt) => prompt.name !== name) });
          show();
        };
        const label = translate("promptRemove", { name });
        return h(
          "li",
          {},
          h("b", {}, `/${name}`),
          h("span", {}, text),
          h("button", { type: "button", class: "quiet", "aria-label": label, onclick: remove }, "×"),
        );
      }),
    );
  };
  const name = h("input", { type: "text", autocomplete: "off", pattern: "\\S+", required: true });
  const text = h("textarea", { rows: 3, required: true, dir: "auto" });
  const add = (event: Event) => {
    event.preventDefault();
    const others = settings().prompts.filter((prompt) => prompt.name !== name.value);
    changeSettings({ prompts: [...others, { name: name.value, text: text.value.trim() }] });
    name.value = text.value = "";
    show();
    name.focus();
  };
  show();
  const form = h(
    "form",
    { onsubmit: add },
    field(translate("promptName"), name, translate("promptsHelp")),
    field(translate("promptText"), text),
    h("button", { type: "submit", class: "act" }, translate("promptAdd")),
  );
  return section(translate("prompts"), list, form);
}
