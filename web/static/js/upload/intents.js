import { freshKey } from "./words.js";

// The buttons of a row are submit buttons. Following them as a form would leave
// the page and cut uploads short, so they are sent behind it; those of a file
// that only this browser knows are done here.
const verbs = ["up", "down", "remove", "retry", "use", "keep"];

export function intents({ form, rows, queue, fragment, say }) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=intent]");
    const row = button?.closest("[data-file]");
    if (!row || !rows.list.contains(row)) return;
    const [verb] = button.value.split(":");
    const job = queue.of(row);
    if (job && (verb === "remove" || verb === "retry")) {
      event.preventDefault();
      if (verb === "remove") queue.cancel(job);
      else {
        job.retry();
        queue.next();
      }
      return;
    }
    if (!verbs.includes(verb) || row.dataset.busy !== undefined) return;
    event.preventDefault();
    send(button, row);
  });

  // "Choose another file" of a file that only this browser knows. For all others
  // the form does it, which keeps the place and the words of the old one.
  form.addEventListener("change", (event) => {
    const field = event.target.closest("[data-file] input[type=file]");
    const job = field && queue.of(field.closest("[data-file]"));
    if (!job) return;
    const files = [...field.files];
    field.value = "";
    queue.cancel(job);
    queue.add(files);
  });

  async function send(button, row) {
    row.dataset.busy = "";
    const data = new FormData(form, button);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    if (data.has("idempotency_key")) data.set("idempotency_key", freshKey());
    try {
      const response = await fetch(button.formAction || form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });
      const done = response.type === "opaqueredirect" || response.ok;
      if (!done) say("That could not be done. Open the page again and try once more; what you typed is kept as long as this page is open.");
    } catch {
      say("The server does not answer at the moment. Try again shortly.");
    }
    delete row.dataset.busy;
    fragment.soon();
  }

  retryAllButton({ form, rows, queue });
}

// One button for all that failed and may be tried again, shown from two up.
function retryAllButton({ form, rows, queue }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s gap-s";
  button.textContent = "Try all again";
  button.hidden = true;
  rows.list.before(button);
  button.addEventListener("click", () => {
    queue.retryAll();
    for (const row of rows.all()) {
      if (row.dataset.state === "failed" && !queue.of(row)) row.querySelector('button[value^="retry:"]')?.click();
    }
  });
  new MutationObserver(() => {
    button.hidden = rows.all().filter((row) => row.dataset.state === "failed" && row.querySelector('button[value^="retry:"]')).length < 2;
  }).observe(rows.list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
}
