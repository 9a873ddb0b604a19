// Who is signed in: the button in the list with its menu, and above the message box the way in.

import type { SignInProblem } from "../access/problem";
import type { SignIn } from "../access/sign-in";
import { h } from "../dom/element";
import { type Key, loadWords, translate } from "../i18n/translate";
import type { Api } from "../wire/api";
import { showAllowance } from "./allowance";
import { announce, byId } from "./page";

const problems: Record<SignInProblem, Key> = {
  ended: "signInAgain",
  refused: "signInRefused",
  unreachable: "signInUnreachable",
  lingering: "signOutLingers",
  failed: "signInFailed",
};

/** `erase` removes what this person has here. Returns what brings the words up to date when the language changes. */
export function startAccount(access: SignIn, api: Api, erase: () => Promise<void>): () => void {
  const button = byId("open-account");
  const gate = byId("gate");
  const words = gate.querySelector("p");
  const enter = gate.querySelector("button");
  let told = "";

  const show = () => {
    const { signedIn, problem, name } = access;
    const label = signedIn ? name || translate("account") : translate("signIn");
    byId("account").hidden = false;
    button.querySelector("span")?.replaceChildren(label);
    if (signedIn) button.setAttribute("aria-haspopup", "dialog");
    else button.removeAttribute("aria-haspopup");
    gate.hidden = signedIn;
    gate.classList.toggle("problem", Boolean(problem));
    const text = translate(problem ? problems[problem] : "signInFirst");
    words?.replaceChildren(text);
    if (!signedIn && text !== told) announce(text);
    told = signedIn ? "" : text;
  };

  const begin = () => void access.begin();
  enter?.addEventListener("click", begin);
  button.addEventListener("click", () => (access.signedIn ? openMenu(button, access, api, erase) : begin()));
  access.changed.on(show);
  api.signedOut.on(() => access.refused());
  show();
  return show;
}

function openMenu(button: HTMLElement, access: SignIn, api: Api, erase: () => Promise<void>): void {
  const allowance = h("div", {});
  const leave = h("button", { type: "button", onclick: () => void access.end() }, translate("signOut"));
  const menu = h(
    "div",
    { popover: "auto", class: "menu account", role: "dialog", "aria-label": translate("account") },
    access.name ? h("p", { class: "name" }, access.name) : null,
    allowance,
    h("p", {}, translate("signOutKeeps")),
    leave,
    h(
      "button",
      { type: "button", class: "danger", onclick: () => void eraseAndLeave() },
      translate("signOutErase"),
    ),
  );
  const eraseAndLeave = async () => {
    menu.hidePopover();
    const [{ confirm }] = await Promise.all([import("../dialogs/confirm"), loadWords("dialogs")]);
    const [title, text] = [translate("signOutErase"), translate("signOutEraseText")];
    if (!(await confirm(title, text, translate("erase")))) return;
    await erase();
    await access.end();
  };
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  const place = () => {
    const { top, left: start } = button.getBoundingClientRect();
    menu.style.top = `${Math.max(8, top - menu.offsetHeight - 4)}px`;
    menu.style.left = `${start}px`;
  };
  document.body.append(menu);
  menu.showPopover();
  place();
  leave.focus();
  void showAllowance(allowance, api).then(place);
}
