// The compose page with scripts: files are dropped, pasted or chosen anywhere on
// the page, sent by the resumable tus protocol, and their rows follow what the
// server makes of them. Without this script the same form sends its files with
// the rest of its fields.
//
// The form carries data-upload (the address that takes files), data-draft (the
// key of the draft) and data-files-url (the rows as a fragment of HTML); inside
// it are the drop zone (data-drop), the list of rows (data-files), the templates
// of rows, and whatever carries data-swap="name" and follows the fragment.
import { isSupported } from "../vendor/tus/tus.min.js";
import { Queue } from "./upload/queue.js";
import { Rows } from "./upload/rows.js";
import { Fragment } from "./upload/fragment.js";
import { choosing } from "./upload/choosing.js";
import { intents } from "./upload/intents.js";

const form = document.querySelector("form[data-upload]");
if (form && isSupported) start(form);

function start(form) {
  for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
  for (const instead of form.querySelectorAll("[data-scripted]")) instead.hidden = false;
  const say = announcer(form);
  const rows = new Rows(form);
  const queue = new Queue({ url: form.dataset.upload, draft: form.dataset.draft, rows, say });
  const fragment = new Fragment({ form, rows, queue, say });
  queue.onArrived = () => fragment.soon();
  choosing({ form, say, take: (files) => queue.add(files) });
  intents({ form, rows, queue, fragment, say });
  holdBack({ form, queue, say });
  fragment.begin();
}

// A polite voice of our own: what a bar or a badge shows must be heard too.
function announcer(form) {
  const voice = document.createElement("p");
  voice.className = "hide";
  voice.setAttribute("role", "status");
  form.append(voice);
  let pending = [];
  return (text) => {
    pending.push(text);
    if (pending.length > 1) return;
    setTimeout(() => {
      voice.textContent = pending.slice(-3).join(" ");
      pending = [];
    }, 150);
  };
}

// Leaving the page would cut uploads short. Sending the form waits for them
// instead, and a failure gives the decision back to the person.
function holdBack({ form, queue, say }) {
  let held = null;
  addEventListener("beforeunload", (event) => {
    if (queue.busy()) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (!queue.busy() || held === event.submitter) return; // pressed again: without them, the browser asks
    event.preventDefault();
    held = event.submitter;
    say(queue.busy() === 1 ? "One file is still on its way. The page goes on when it has arrived; press again to go on without it." : `${queue.busy()} files are still on their way. The page goes on when they have arrived; press again to go on without them.`);
  });
  queue.onIdle = (failed) => {
    if (!held) return;
    const by = held;
    held = null;
    if (failed) {
      say("Not everything has arrived. Look at the files that failed, or press the button again to go on without them.");
      return;
    }
    form.requestSubmit(by.isConnected ? by : undefined);
  };
}
