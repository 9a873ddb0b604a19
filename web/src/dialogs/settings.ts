// Settings: they apply at once, there is nothing to save.

import type { Session } from "../chat/session";
import type { Config } from "../core/config";
import { changeSettings, type Settings, settings } from "../core/settings";
import { h } from "../dom/element";
import { catalogs, translate } from "../i18n/translate";
import { confirm } from "./confirm";
import { choice, field, listModels, section, showDialog, textArea } from "./dialog";
import { promptsSection } from "./prompts";
import { transferSection } from "./transfer";

/** `deleteAll` is what the button of that name does, once it is confirmed. */
export function open(session: Session, deleteAll: () => void): void {
  const { model, system, theme, language, enter } = settings();
  const models = choice([["", translate("modelDefault")]], "", (value) => changeSettings({ model: value }));
  void listModels(models, () => session.api.models(), model);
  const themes: [string, string][] = [
    ["system", translate("themeSystem")],
    ["light", translate("themeLight")],
    ["dark", translate("themeDark")],
  ];
  const languages: [string, string][] = [
    ["", translate("languageBrowser")],
    ...Object.entries(catalogs).map(([code, { name }]): [string, string] => [code, name]),
  ];
  const enters: [string, string][] = [
    ["", translate("enterAuto")],
    ["send", translate("enterSend")],
    ["newline", translate("enterNewline")],
  ];
  const set = (key: keyof Settings) => (value: string) => changeSettings({ [key]: value || undefined });
  const dialog = showDialog(
    translate("settings"),
    section(
      translate("answers"),
      field(translate("model"), models),
      field(
        translate("system"),
        textArea(system, (value) => changeSettings({ system: value })),
        translate("systemHelp"),
      ),
      temperatureField(session.config),
    ),
    section(
      translate("page"),
      field(translate("theme"), choice(themes, theme, set("theme"))),
      field(
        translate("language"),
        choice(languages, language ?? "", (value) => {
          set("language")(value);
          dialog.close();
        }),
      ),
      field(translate("enter"), choice(enters, enter ?? "", set("enter"))),
    ),
    promptsSection(),
    transferSection(session.library, () => void askAndDelete()),
  );

  async function askAndDelete(): Promise<void> {
    const count = session.library.list().length;
    if (!(await confirm(translate("deleteAll"), translate("deleteAllText", { count }), translate("delete"))))
      return;
    dialog.close();
    deleteAll();
  }
}

function temperatureField({ minTemperature: min, maxTemperature: max }: Config): HTMLElement {
  const { temperature } = settings();
  const slider = h("input", { type: "range", min, max, step: 0.1, disabled: temperature === null });
  slider.value = String(temperature ?? 1);
  const shown = h("output", {}, temperature === null ? "" : slider.value);
  const byModel = h("input", { type: "checkbox", checked: temperature === null });
  const change = () => {
    slider.disabled = byModel.checked;
    shown.textContent = byModel.checked ? "" : slider.value;
    changeSettings({ temperature: byModel.checked ? null : Number(slider.value) });
  };
  slider.addEventListener("input", change);
  byModel.addEventListener("change", change);
  const whole = field(translate("temperature"), slider);
  whole.append(shown, h("label", { class: "check" }, byModel, translate("temperatureDefault")));
  return whole;
}
