// dialogs/: what opens over the page, loaded when it is first opened (view/dialogs.ts): settings.ts, conversation.ts,
// shortcuts.ts; each is one function `open`. They change core/settings.ts or the session, nothing of the view.
//
// The frame of every dialog, and the controls in it. The browser's own <dialog> keeps focus and Escape right.

import { h, icon } from "../dom/element";
import { translate } from "../i18n/translate";

let dialogs = 0;

export function showDialog(title: string, ...content: (Node | string)[]): HTMLDialogElement {
  const close = () => dialog.close();
  const id = `dialog-${++dialogs}`; // one may open over another
  const dialog = h(
    "dialog",
    { "aria-labelledby": id, onclick: (event: Event) => event.target === dialog && close() },
    h(
      "div",
      { class: "dialog" },
      h(
        "div",
        { class: "dialog-top" },
        h("h2", { id }, title),
        h(
          "button",
          { type: "button", class: "icon", "aria-label": translate("close"), onclick: close },
          icon("close"),
        ),
      ),
      ...content,
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let fields = 0;

/** A control under its label; `help` explains it. */
export function field(label: string, control: HTMLElement, help = ""): HTMLElement {
  const id = `field-${++fields}`;
  control.id = id;
  if (help) control.setAttribute("aria-describedby", `${id}-help`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control,
    help ? h("p", { class: "help", id: `${id}-help` }, help) : null,
  );
}

/** A select whose options are [value, label]. */
export function choice(
  options: [value: string, label: string][],
  value: string,
  change: (value: string) => void,
): HTMLSelectElement {
  const select = h("select", {}, ...options.map(([of, label]) => h("option", { value: of }, label)));
  select.value = value;
  select.addEventListener("change", () => change(select.value));
  return select;
}

/** A text area that reports what is written as it is written: a reload must not lose it. */
export function textArea(value: string, change: (value: string) => void): HTMLTextAreaElement {
  const area = h("textarea", { rows: 3, dir: "auto" });
  area.value = value;
  area.addEventListener("input", () => change(area.value.trim()));
  return area;
}

export const section = (title: string, ...content: (Node | string)[]): HTMLElement =>
  h("section", {}, h("h3", {}, title), ...content);

/** Fills a select with the deployment's models below its first option; says so if they cannot be had. */
export async function listModels(
  select: HTMLSelectElement,
  load: () => Promise<string[]>,
  value: string,
): Promise<void> {
  try {
    const models = await load();
    // A model that was chosen once and is gone stays visible as what it is.
    const all = value && !models.includes(value) ? [value, ...models] : models;
    select.append(...all.map((model) => h("option", { value: model }, model)));
    select.value = value;
  } catch {
    select.append(
      h("option", { disabled: true }, translate("modelsUnknown")),
      ...(value ? [h("option", { value }, value)] : []),
    );
    select.value = value;
  }
}
