// Which conversation the address names: #id. A reload, a bookmark and the back button work.

import type { Session } from "./chat/session";

export async function startRoute(session: Session): Promise<void> {
  const id = () => location.hash.slice(1);
  const show = async () => {
    if (id() === session.conversation.id && session.messages.size) return;
    if (id()) await session.open(id());
    else session.start();
  };
  const follow = () => {
    const wanted = session.messages.size ? session.conversation.id : "";
    if (id() === wanted) return;
    history.pushState(null, "", wanted ? `#${wanted}` : location.pathname);
  };
  await show();
  session.opened.on(follow);
  session.changed.on(follow);
  addEventListener("hashchange", () => void show());
  addEventListener("popstate", () => void show());
}
