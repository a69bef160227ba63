// The page of notifications. A notice whose link is followed is read; without
// this its dot, which is a button, says so. And the list follows what happens
// while it is open, under the eyes of whoever reads it.
import { merge } from "./notices/merge.js";

document.addEventListener("click", follow);
document.addEventListener("auxclick", follow);

function follow(event) {
  const link = event.target.closest?.(".notice.new .plain");
  const form = link?.closest(".notice").querySelector("form");
  if (!form || event.button > 1) return;
  navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
}

const list = document.getElementById("notices");
const rest = 5000; // between two looks, however much happens
let looking, stale;

if (list) {
  for (const told of ["live:notice", "live:missed"]) document.addEventListener(told, look);
  document.addEventListener("visibilitychange", () => stale && look());
}

async function look() {
  stale = true;
  if (looking || document.hidden) return;
  looking = true;
  stale = false;
  try {
    const response = await fetch(location.pathname + location.search, { headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "error" });
    const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
    const fresh = page.getElementById("notices");
    if (fresh) show(fresh);
  } catch {
    // Nobody answers at the moment; the list is old and still true.
  }
  setTimeout(() => {
    looking = false;
    if (stale) look();
  }, rest);
}

// show puts the fresh list in the place of the old one. Whoever has scrolled
// keeps in view what they read, and whoever stands on a notice stands on it still.
function show(fresh) {
  const stood = document.activeElement;
  const home = stood?.closest(".notice")?.id;
  const before = new Map();
  for (const notice of list.querySelectorAll(".notice")) {
    const { top, bottom } = notice.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) before.set(notice, top);
  }
  merge(list, fresh);
  const shifts = [...before].filter(([notice]) => notice.isConnected).map(([notice, top]) => notice.getBoundingClientRect().top - top);
  // Most of them have moved alike; one that something was added to went up alone.
  if (scrollY > 0 && shifts.length) scrollBy({ top: shifts.sort((a, b) => a - b)[shifts.length >> 1], behavior: "instant" });
  if (document.activeElement === stood) return;
  const next = stood.isConnected ? stood : home && document.getElementById(home)?.querySelector(".plain");
  next?.focus({ preventScroll: true });
}
