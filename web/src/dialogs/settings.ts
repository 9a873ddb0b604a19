// Settings: they apply at once, there is nothing to save.

import type { Session } from "../chat/session";
import { h } from "../render/element";
import { changeSettings, type Settings, settings } from "../settings";
import { choice, field, listModels, section, showDialog, textArea } from "./dialog";
import { promptsSection } from "./prompts";
import { transferSection } from "./transfer";
import { w } from "./words";

export function open(session: Session): void {
  const { model, system, theme, language, enter } = settings();
  const models = choice([["", w("modelDefault")]], "", (value) => changeSettings({ model: value }));
  void listModels(models, () => session.api.models(), model);
  const themes: [string, string][] = [
    ["system", w("themeSystem")],
    ["light", w("themeLight")],
    ["dark", w("themeDark")],
  ];
  const languages: [string, string][] = [
    ["", w("languageBrowser")],
    ["en", "English"],
    ["ja", "日本語"],
  ];
  const enters: [string, string][] = [
    ["", w("enterAuto")],
    ["send", w("enterSend")],
    ["newline", w("enterNewline")],
  ];
  const set = (key: keyof Settings) => (value: string) => changeSettings({ [key]: value || undefined });
  const dialog = showDialog(
    w("settings"),
    section(
      w("answers"),
      field(w("model"), models),
      field(
        w("system"),
        textArea(system, (value) => changeSettings({ system: value })),
        w("systemHelp"),
      ),
      temperatureField(),
    ),
    section(
      w("page"),
      field(w("theme"), choice(themes, theme, set("theme"))),
      field(
        w("language"),
        choice(languages, language ?? "", (value) => {
          set("language")(value);
          dialog.close();
        }),
      ),
      field(w("enter"), choice(enters, enter ?? "", set("enter"))),
    ),
    promptsSection(),
    transferSection(session.library),
  );
}

function temperatureField(): HTMLElement {
  const { temperature } = settings();
  const slider = h("input", { type: "range", min: 0, max: 2, step: 0.1, disabled: temperature === null });
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
  const whole = field(w("temperature"), slider);
  whole.append(shown, h("label", { class: "check" }, byModel, w("temperatureDefault")));
  return whole;
}
