// What members' pages load besides: they hear what happens while they are open.
// Messages become events of the document, "live:notice" and so on, with the
// message's data as their detail; "live:missed" says that more happened than can
// be told, and to ask for everything. How the page hears stands on <html> as
// data-live: "socket", "polling", or "off".
import { Connection } from "./live/connection.js";
import { bell } from "./live/bell.js";

const after = document.currentScript?.dataset.after;
if (after) start(after);

function start(after) {
  bell(document);
  const kinds = ["notice"];
  if (document.querySelector("form[data-upload]")) kinds.push("media");
  new Connection({
    after,
    kinds,
    tell: (kind, data) => document.dispatchEvent(new CustomEvent("live:" + kind, { detail: data })),
    state: (state) => {
      if (document.documentElement.dataset.live === state) return;
      document.documentElement.dataset.live = state;
      document.dispatchEvent(new CustomEvent("live:state", { detail: state }));
    },
  }).start();
}
