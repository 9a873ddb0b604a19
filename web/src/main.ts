// The page, from top to bottom: what there is, and what is connected to what. Which folder may import which is in
// scripts/arrows.mjs, in the order in which to read them; each folder's first file begins by saying what the folder is for.

import { Library } from "./chat/library";
import { Session } from "./chat/session";
import { loadConfig } from "./core/config";
import { settingsChanged } from "./core/settings";
import { language, loadWords, translatePage } from "./i18n/translate";
import { startOffline } from "./offline";
import { startRoute } from "./route";
import { dropBackups } from "./store/exit-backup";
import { eraseStore, openStore } from "./store/indexed";
import { MemoryStore } from "./store/store";
import { startTheme } from "./theme";
import { startAllowance } from "./view/allowance";
import { Composer } from "./view/composer";
import { openDialog } from "./view/dialogs";
import { startFiles } from "./view/files";
import { startHeader } from "./view/header";
import { copyLast } from "./view/message-actions";
import { startNotices } from "./view/notices";
import { byId } from "./view/page";
import { Scroll } from "./view/scroll";
import { startShortcuts } from "./view/shortcuts";
import { Sidebar } from "./view/sidebar";
import { startSuggestions } from "./view/suggestions";
import { Thread } from "./view/thread";
import { Api } from "./wire/api";

async function start(): Promise<void> {
  startTheme();
  const [config] = await Promise.all([loadConfig(), loadWords()]);
  translatePage();

  const { signIn } = config;
  const access = signIn.type === "oidc" ? new (await import("./access/sign-in")).SignIn(signIn) : undefined;
  // Whose conversations are shown is not known before.
  await access?.arrive();
  const nobody = access && access.person === undefined;
  const library = new Library(nobody ? new MemoryStore() : await openStore(access?.person));
  const api = new Api(config.apiBase, access);
  const session = new Session(library, api, config);
  const thread = new Thread(session, new Scroll());
  const sidebar = new Sidebar(library, session);
  const composer = new Composer(session, access);

  startHeader(library, session);
  startNotices(config, library, !nobody);
  const erase = async () => {
    for (const answer of session.answers.values()) answer.stop();
    composer.drafts.erase();
    dropBackups();
    await eraseStore(access?.person);
  };
  const retranslations = [startAllowance(session)];
  if (access) retranslations.push((await import("./view/account")).startAccount(access, api, erase));
  startSuggestions(composer);
  startFiles(composer, config.maxInputChars);
  byId("examples").addEventListener("click", ({ target }) => {
    if (target instanceof HTMLButtonElement) composer.send(target.textContent);
  });

  const newConversation = () => {
    sidebar.show(false);
    session.start();
    composer.box.focus();
  };
  const settings = () => void openDialog("settings", session);
  const sheet = () => void openDialog("shortcuts", session);
  byId("new").addEventListener("click", newConversation);
  byId("new-small").addEventListener("click", newConversation);
  byId("open-settings").addEventListener("click", settings);
  byId("open-shortcuts").addEventListener("click", sheet);
  byId("tune").addEventListener("click", () => void openDialog("conversation", session));
  startShortcuts({
    newConversation,
    settings,
    sheet,
    search: () => sidebar.focusSearch(),
    focusBox: () => composer.box.focus(),
    answering: () => Boolean(session.answering),
    stop: () => session.stop(),
    jump: (step) => thread.jump(step),
    copyLast: () => void copyLast(session),
    list: () => sidebar.toggleIt(),
  });

  let spoken = language();
  settingsChanged.on(async () => {
    if (spoken === language()) return;
    spoken = language();
    await loadWords();
    translatePage();
    for (const translateAgain of retranslations) translateAgain();
    session.opened.emit();
  });

  await library.load();
  await startRoute(session);
  startOffline();
  void library.purge();
  document.body.dataset.ready = "";
}

void start();
