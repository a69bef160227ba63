import { bytes } from "./words.js";

// Rows are the files on the page: those that the server rendered, and those
// that exist in this browser only. Both have the same shape, because the second
// kind is made from the server's templates.
export class Rows {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-files]");
    this.templates = new Map();
    for (const template of form.querySelectorAll("template[data-file-template]")) {
      this.templates.set(template.dataset.fileTemplate, template.content.firstElementChild);
    }
  }

  all() {
    return [...this.list.querySelectorAll(":scope > [data-file]")];
  }

  byId(id) {
    return this.all().find((row) => row.dataset.file === id);
  }

  // find looks for an upload that stopped, by what the browser calls its file.
  find(fingerprint) {
    return this.all().find((row) => row.dataset.state === "uploading" && row.dataset.fingerprint === fingerprint);
  }

  // make adds a row for a file of this browser, with its preview at once.
  make(file, state) {
    const row = this.fresh(state, file.name);
    row.dataset.local = "";
    this.list.append(row);
    preview(row, file);
    return row;
  }

  // fresh clones the template of a state for a file's name. Labels end with the
  // name, as the server writes them.
  fresh(state, name) {
    const row = this.templates.get(state).cloneNode(true);
    const label = row.querySelector("[data-part=name] bdi") ?? row.querySelector("[data-part=name]");
    label.textContent = name;
    for (const part of row.querySelectorAll("[aria-label]")) {
      part.setAttribute("aria-label", part.getAttribute("aria-label").trimEnd() + " " + name);
    }
    for (const hidden of row.querySelectorAll("label.hide")) hidden.textContent += name;
    return row;
  }

  // turn shows another state of a local row and keeps its identity, its preview
  // and the focus.
  turn(row, state, { detail = "", reason = "" } = {}) {
    const name = row.querySelector("[data-part=name]").textContent.trim();
    const next = this.fresh(state, name);
    if (row.dataset.fingerprint) next.dataset.fingerprint = row.dataset.fingerprint;
    next.dataset.local = "";
    identify(next, row.dataset.file);
    keepPicture(row, next);
    tell(next, { detail, reason });
    replace(row, next);
    return next;
  }

  // name gives a local row the id that the server has given its file.
  name(row, id) {
    identify(row, id);
  }

  progress(row, sent, total, left) {
    const bar = row.querySelector("progress");
    if (bar) {
      bar.max = 100;
      bar.value = Math.floor((sent / total) * 100);
    }
    tell(row, { detail: `${bytes(sent)} of ${bytes(total)}${left ? ", " + left : ""}`, reason: "" });
  }
}

export function tell(row, { detail, reason }) {
  const set = (part, text) => {
    const node = row.querySelector(`[data-part=${part}]`);
    if (node && text !== undefined && node.textContent.trim() !== text) node.textContent = text;
  };
  set("detail", detail);
  set("reason", reason);
}

// identify writes the id wherever the server would have: "retry:" becomes
// "retry:<id>", and the field "file-" becomes "file-<id>".
function identify(row, id = "") {
  const before = row.dataset.file ?? "";
  row.dataset.file = id;
  for (const button of row.querySelectorAll("button[name=intent]")) {
    button.value = button.value.split(":")[0] + ":" + id;
  }
  const field = row.querySelector("input[type=file]");
  if (!field) return;
  const label = row.querySelector(`label[for="${CSS.escape("file-" + before)}"]`);
  field.id = field.name = "file-" + id;
  if (label) label.htmlFor = field.id;
}

// replace puts next into row's place; focus stays on the same control, what was
// typed stays typed.
export function replace(row, next) {
  const at = row.contains(document.activeElement) ? document.activeElement : null;
  for (const old of row.querySelectorAll("textarea, input:not([type=file]):not([type=hidden])")) {
    const field = old.name && next.querySelector(`[name="${CSS.escape(old.name)}"]`);
    if (field && old.value !== old.defaultValue) field.value = old.value;
  }
  const selection = at?.selectionStart !== undefined && at?.tagName === "TEXTAREA" ? [at.selectionStart, at.selectionEnd] : null;
  row.replaceWith(next);
  if (!at) return;
  const same = counterpart(at, next);
  if (!same) {
    const rest = next.querySelector("button:not([disabled])");
    rest?.focus({ preventScroll: true });
    return;
  }
  same.focus({ preventScroll: true });
  if (selection) same.setSelectionRange(...selection);
}

function counterpart(node, within) {
  if (node.tagName === "BUTTON" && node.name === "intent") {
    const verb = node.value.split(":")[0];
    return [...within.querySelectorAll("button[name=intent]")].find((b) => b.value.split(":")[0] === verb && !b.disabled);
  }
  if (node.name) return within.querySelector(`[name="${CSS.escape(node.name)}"]`);
  return within.querySelector(node.tagName);
}

// preview shows the file itself, from the browser's own memory, until the server
// has a picture. What the browser cannot draw keeps the sign.
function preview(row, file) {
  const thumb = row.querySelector("[data-part=thumb]");
  const film = file.type.startsWith("video/");
  if (!thumb || !(film || file.type.startsWith("image/"))) return;
  const url = URL.createObjectURL(file);
  const picture = document.createElement(film ? "video" : "img");
  picture.dataset.preview = url;
  picture.addEventListener("error", () => {
    URL.revokeObjectURL(url);
    picture.replaceWith(...sign);
  });
  const sign = [...thumb.childNodes];
  if (film) {
    picture.muted = true;
    picture.preload = "metadata";
    picture.tabIndex = -1;
    picture.setAttribute("aria-hidden", "true");
    picture.src = url + "#t=0.1";
  } else {
    picture.alt = "";
    picture.src = url;
  }
  thumb.replaceChildren(picture);
}

// keepPicture carries a preview over to a row that has no picture yet, and lets
// its memory go once it has.
export function keepPicture(row, next) {
  const shown = row.querySelector("[data-preview]");
  if (!shown) return;
  const thumb = next.querySelector("[data-part=thumb]");
  if (thumb && !thumb.querySelector("img")) thumb.replaceChildren(shown);
  else URL.revokeObjectURL(shown.dataset.preview);
}

export function forget(row) {
  const shown = row.querySelector("[data-preview]");
  if (shown) URL.revokeObjectURL(shown.dataset.preview);
  const at = row.contains(document.activeElement);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (at) (next?.querySelector("button:not([disabled])") ?? document.querySelector("[data-drop] input[type=file]"))?.focus();
}
