// What happens meanwhile: the server says which articles changed, and their rows are asked for again. Nothing jumps
// under the pointer: what is new waits behind a chip.
import { back, openId, shown } from "./queue.js";
import { send } from "./session.js";
import { say } from "./toasts.js";

const pause = 400; // ms in which changes are gathered: a crawl stores dozens a second
const most = 200; // more is asked for as a whole
const changed = new Set();
let timer = 0;
let away = false;
let source; // of what changes
let last = ""; // what came of it

function gather(ids) {
  for (const id of ids) changed.add(id);
  timer ||= setTimeout(ask, pause);
}

function ask() {
  timer = 0;
  const ids = [...changed].slice(-most);
  changed.clear();
  const article = document.querySelector("#item [data-id]");
  const there = shown().filter((id) => ids.includes(id));
  const values = { ids: ids.join(","), shown: there.join(","), open: openId(), state: article?.dataset.tag ?? "", fresh: fresh() };
  htmx.ajax("GET", `/desk/changes${back()}`, { source: document.getElementById("rows"), target: "#rows", swap: "none", values });
}

const fresh = () => document.querySelector("#fresh [data-fresh]")?.dataset.fresh ?? "";

function listen() {
  source?.close();
  source = new EventSource(`/desk/live?after=${last}`);
  source.addEventListener("changed", (event) => {
    last = event.lastEventId || last;
    gather(JSON.parse(event.data));
  });
  source.addEventListener("open", () => {
    if (away) say("online");
    away = false;
  });
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) {
      if (!away) say("offline");
      away = true;
      return; // it comes again by itself
    }
    // The server refused: a session that ended asks to be renewed here.
    try {
      await send(`/desk/changes${back()}`);
    } catch {
      // no connection: tried again below
    }
    setTimeout(listen, 3000);
  });
}

const rows = document.getElementById("rows");
if (rows) {
  last = rows.dataset.event;
  listen();
  addEventListener("pagehide", () => source.close());
  // "Back" may bring the page as it was left, not as it would be now.
  addEventListener("pageshow", ({ persisted }) => persisted && listen());
}
