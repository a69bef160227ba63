import { forget, keepPicture, replace, tell } from "./rows.js";

// Fragment asks the server for the rows and brings the page up to date: quickly
// while something is made, then slower, and not at all once nothing more happens
// by itself. While the page hears what happens (see live.js) it waits to be told
// instead, and asks only now and then. What is typed and where the focus is stays.
export class Fragment {
  constructor({ form, rows, queue, say }) {
    Object.assign(this, { form, rows, queue, say });
    this.url = form.dataset.filesUrl;
    this.seen = new Map(); // id to the server's last HTML of its row
    this.states = new Map();
    this.quiet = 0;
  }

  begin() {
    for (const row of this.rows.all()) {
      this.seen.set(row.dataset.file, row.outerHTML);
      this.states.set(row.dataset.file, row.dataset.state);
    }
    this.idle();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.soon();
    });
    document.addEventListener("live:media", ({ detail }) => {
      if (this.rows.byId(detail.media)) this.soon(400); // several come together
    });
    document.addEventListener("live:missed", () => this.soon());
    document.addEventListener("live:state", () => {
      if (!told() && this.unsettled()) this.soon();
    });
    if (this.unsettled()) this.later(500);
  }

  // idle tells what to do about uploads that nobody sends any more: the browser
  // forgets files when a page is left.
  idle() {
    for (const row of this.rows.all()) {
      if (row.dataset.state === "uploading" && !this.queue.of(row) && !this.queue.holds(row.dataset.file)) {
        tell(row, { reason: "It stopped. Choose the same file again to go on where it was." });
      }
    }
  }

  unsettled() {
    return this.rows.all().some((row) => row.dataset.state === "processing" || (row.dataset.state === "uploading" && !this.queue.of(row)));
  }

  // soon asks at once, because something has changed.
  soon(delay = 0) {
    this.quiet = 0;
    this.later(delay);
  }

  // pause is how long to wait for what nobody tells: the bytes of another
  // browser's uploads, or a message that was lost.
  pause(wait) {
    const elsewhere = this.rows.all().some((row) => row.dataset.state === "uploading" && !this.queue.of(row));
    return told() && !elsewhere ? Math.max(wait, 30000) : wait;
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), document.hidden ? Math.max(delay, 15000) : delay);
  }

  async ask() {
    if (!this.url) return;
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    let wait = Math.min(1000 * 1.3 ** this.quiet++, 10000);
    try {
      const response = await fetch(this.url, { headers: { Accept: "text/html", "X-Fragment": "files" }, credentials: "same-origin", redirect: "error" });
      if (response.ok) this.apply(await response.text());
      else if (response.status === 429 || response.status >= 500) wait = Math.max(wait, 5000);
      else return;
    } catch {
      wait = Math.max(wait, 5000); // no connection: it comes back
    } finally {
      this.asking = false;
    }
    if (this.askAgain) {
      this.askAgain = false;
      this.later(0);
    } else if (this.unsettled()) this.later(this.pause(wait));
  }

  apply(html) {
    const next = document.createElement("template");
    next.innerHTML = html;
    const fresh = [...next.content.querySelectorAll("[data-file]")].filter((row) => !row.closest("template"));
    const known = new Set(fresh.map((row) => row.dataset.file));
    for (const row of this.rows.all()) {
      const id = row.dataset.file;
      if (id && !known.has(id) && !this.queue.of(row)) {
        this.seen.delete(id);
        forget(row);
      }
    }
    for (const row of fresh) this.place(row);
    this.order(fresh.map((row) => row.dataset.file));
    for (const part of next.content.querySelectorAll("[data-swap]")) this.swap(part);
    this.idle();
  }

  place(fresh) {
    const id = fresh.dataset.file;
    const html = fresh.outerHTML;
    const row = this.rows.byId(id);
    if (row && (this.queue.of(row) || (this.seen.get(id) === html && !("local" in row.dataset)))) return;
    this.seen.set(id, html);
    this.heard(fresh);
    if (!row) {
      this.rows.list.append(fresh);
      return;
    }
    keepPicture(row, fresh);
    replace(row, fresh);
  }

  // heard says what became of a file, once.
  heard(row) {
    const { file, state } = row.dataset;
    if (this.states.get(file) === state) return;
    this.states.set(file, state);
    this.quiet = 0;
    const name = row.querySelector("[data-part=name]").textContent.trim();
    const reason = row.querySelector("[data-part=reason]")?.textContent.trim() ?? "";
    if (state === "ready") this.say(`${name} is ready.`);
    if (state === "failed" || state === "duplicate") this.say(`${name}: ${reason}`);
  }

  // order hangs the server's rows in the server's order; those that only this
  // browser knows stay at the end. Nothing moves when all is in place.
  order(ids) {
    const want = [...ids.map((id) => this.rows.byId(id)).filter(Boolean), ...this.rows.all().filter((row) => !ids.includes(row.dataset.file))];
    const have = this.rows.all();
    if (want.every((row, i) => row === have[i])) return;
    const at = this.rows.list.contains(document.activeElement) ? document.activeElement : null;
    this.rows.list.append(...want);
    at?.focus({ preventScroll: true });
  }

  swap(part) {
    const old = this.form.querySelector(`[data-swap="${CSS.escape(part.dataset.swap)}"]`);
    if (!old || old.innerHTML === part.innerHTML) return;
    if (old.contains(document.activeElement)) {
      const verb = document.activeElement.value;
      old.innerHTML = part.innerHTML;
      [...old.querySelectorAll("button")].find((button) => button.value === verb)?.focus({ preventScroll: true });
      return;
    }
    old.innerHTML = part.innerHTML;
  }
}

// told tells whether the server says by itself what becomes of files.
function told() {
  return document.documentElement.dataset.live === "socket";
}
