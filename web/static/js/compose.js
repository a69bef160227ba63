// The compose page saves by itself a few seconds after typing, as long as nobody
// outside the studio can see the work, and takes over a title that the server
// guessed. Without this script the same form is saved by its buttons.
const form = document.querySelector("form#compose");
if (form) {
  guess(form);
  if ("autosave" in form.dataset) autosave(form);
}

const pause = 2500; // after the last key
const patience = 20000; // at most this long while somebody types on

function autosave(form) {
  const status = form.querySelector("[data-saved]");
  let timer, first, busy, again;
  let leaving = false;

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    first ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(pause, first + patience - Date.now())));
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    clearTimeout(timer);
  });

  async function save() {
    if (leaving) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    first = undefined;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("intent", "save");
    data.set("autosave", "1");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "error" });
      const text = await response.text();
      if (response.ok || response.status === 409 || response.status === 422) status.textContent = text;
      else status.textContent = "Not saved yet. Press Save to try again.";
    } catch {
      status.textContent = "Not saved yet: the server does not answer. It is tried again when you type on.";
    }
    busy = false;
    if (again) {
      again = false;
      save();
    }
  }
}

// guess fills in the title that was made of the first file's name, unless the
// person has typed one.
function guess(form) {
  const title = form.querySelector("[name=title]");
  const source = form.querySelector("[data-guess]");
  let touched = false;
  title.addEventListener("input", () => {
    touched = true;
  });
  new MutationObserver(() => {
    const text = source.textContent.trim();
    if (touched || title.value || !text) return;
    title.value = text;
  }).observe(source, { childList: true, characterData: true, subtree: true });
}
