import { Upload } from "../../vendor/tus/tus.min.js";
import { forget } from "./rows.js";
import { bytes, freshKey, timeLeft } from "./words.js";

const atOnce = 3;
const chunk = 8 * 1024 * 1024; // a server that drains cuts nothing longer than this

// Growing delays, for about two days: an upload is not given up because a train
// went through a tunnel. A closed laptop does not count, it does not run.
const delays = [0, 1000, 2000, 4000, 8000, ...Array(15000).fill(10000)];

// Queue sends files, three at a time, and keeps their rows true. A file ends as
// arrived, failed with a sentence, or cancelled; never silently.
export class Queue {
  constructor({ url, draft, rows, say }) {
    Object.assign(this, { url, draft, rows, say });
    this.jobs = new Set();
    this.failed = 0;
    this.onArrived = () => {};
    this.onIdle = () => {};
    addEventListener("online", () => {
      for (const job of this.jobs) if (job.state === "sending") job.again();
    });
  }

  // add takes files that were chosen. One whose upload stopped earlier goes on
  // where it was.
  add(files) {
    if (files.length === 0) return;
    for (const file of files) {
      const fingerprint = this.fingerprint(file);
      if ([...this.jobs].some((job) => job.fingerprint === fingerprint && job.state !== "failed")) continue;
      for (const job of this.jobs) if (job.fingerprint === fingerprint) this.drop(job);
      const stopped = this.rows.find(fingerprint);
      const row = stopped ?? this.rows.make(file, "waiting");
      row.dataset.fingerprint = fingerprint;
      this.jobs.add(new Job(this, file, fingerprint, row));
    }
    this.say(files.length === 1 ? `${files[0].name} was added.` : `${files.length} files were added.`);
    this.next();
  }

  fingerprint(file) {
    return [this.draft, file.size, file.lastModified, file.name].join("|").slice(0, 300);
  }

  busy() {
    return [...this.jobs].filter((job) => job.state === "waiting" || job.state === "sending").length;
  }

  of(row) {
    return [...this.jobs].find((job) => job.row === row);
  }

  // holds tells whether this page is sending a file, so that its row is ours.
  holds(id) {
    return [...this.jobs].some((job) => job.id === id && job.state !== "arrived");
  }

  next() {
    const sending = [...this.jobs].filter((job) => job.state === "sending").length;
    const waiting = [...this.jobs].filter((job) => job.state === "waiting");
    for (const job of waiting.slice(0, Math.max(0, atOnce - sending))) job.start();
    if (this.busy() === 0) {
      const failed = [...this.jobs].some((job) => job.state === "failed");
      this.onIdle(failed);
    }
  }

  arrived(job) {
    this.jobs.delete(job);
    this.say(`${job.file.name} has arrived.`);
    this.onArrived();
    this.next();
  }

  drop(job) {
    this.jobs.delete(job);
    forget(job.row);
  }

  async cancel(job) {
    this.jobs.delete(job);
    await job.stop();
    forget(job.row);
    this.say(`${job.file.name} was cancelled.`);
    this.onArrived();
    this.next();
  }

  retryAll() {
    for (const job of this.jobs) if (job.state === "failed") job.retry();
    this.next();
  }
}

class Job {
  constructor(queue, file, fingerprint, row) {
    Object.assign(this, { queue, file, fingerprint, row, state: "waiting" });
    this.id = row.dataset.file || "";
    this.known = this.id ? queue.url + this.id : null; // the address of an upload that exists
    this.key = freshKey();
  }

  async start() {
    this.state = "sending";
    this.row = this.queue.rows.turn(this.row, "uploading", { detail: `0 of ${bytes(this.file.size)}` });
    this.upload = new Upload(this.file, {
      endpoint: this.queue.url,
      chunkSize: chunk,
      retryDelays: delays,
      fingerprint: async () => this.fingerprint,
      removeFingerprintOnSuccess: true,
      metadata: { filename: this.file.name, filetype: this.file.type, draft: this.queue.draft, fingerprint: this.fingerprint, key: this.key },
      // When the question "how far are we" fails, tus-js-client begins anew. For
      // an upload that exists that would make a second one, so it only may when
      // the server says that the first is gone.
      onBeforeRequest: (request) => {
        if (request.getMethod() === "POST" && this.known) throw new Error("the upload exists already");
      },
      onAfterResponse: (request, response) => {
        if (request.getMethod() === "HEAD" && [404, 410].includes(response.getStatus())) {
          this.known = null;
          this.key = freshKey();
          this.upload.options.metadata.key = this.key;
        }
      },
      onShouldRetry: (error) => this.shouldRetry(error),
      onUploadUrlAvailable: () => this.located(),
      onProgress: (sent, total) => this.progressed(sent, total),
      onSuccess: () => this.succeeded(),
      onError: (error) => this.fail(error),
    });
    if (!this.known) {
      const [previous] = await this.upload.findPreviousUploads().catch(() => []);
      if (previous) {
        this.known = previous.uploadUrl;
        this.upload.resumeFromPreviousUpload(previous);
      }
    }
    if (this.known) this.upload.url = this.known;
    this.upload.start();
  }

  located() {
    this.known = this.upload.url;
    const id = this.known.split("/").pop();
    const twin = this.queue.rows.byId(id);
    if (twin && twin !== this.row) forget(twin); // the server's row of the same upload
    this.id = id;
    this.queue.rows.name(this.row, id);
  }

  // shouldRetry decides about one failed request. What a person must decide is
  // an answer of the server about this file; everything else goes on by itself.
  shouldRetry(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const decided = status >= 400 && status < 500 && ![408, 409, 423, 425, 429].includes(status);
    if (decided) return false;
    if (this.known) this.upload.url = this.known;
    this.waiting = true;
    const reason = navigator.onLine === false ? "No connection. It goes on by itself." : said(error) || "The server does not answer at the moment. It goes on by itself.";
    this.queue.rows.progress(this.row, this.sent ?? 0, this.file.size, "");
    this.row.querySelector("[data-part=reason]")?.replaceChildren(reason);
    if (!this.told) this.queue.say(`${this.file.name}: ${reason}`);
    this.told = true;
    return true;
  }

  progressed(sent, total) {
    const now = performance.now();
    this.sent = sent;
    this.told = false;
    this.marks = [...(this.marks ?? []).filter((mark) => now - mark.at < 8000), { at: now, sent }];
    const first = this.marks[0];
    const speed = now - first.at > 1500 ? (sent - first.sent) / (now - first.at) : 0;
    if (now - (this.shown ?? 0) < 200 && sent < total) return;
    this.shown = now;
    this.queue.rows.progress(this.row, sent, total, speed > 0 ? timeLeft((total - sent) / speed / 1000) : "");
  }

  succeeded() {
    this.state = "arrived";
    this.row = this.queue.rows.turn(this.row, "processing", { detail: bytes(this.file.size), reason: "Uploaded. It is being looked at." });
    this.queue.arrived(this);
  }

  fail(error) {
    this.state = "failed";
    const reason = sentence(error);
    this.row = this.queue.rows.turn(this.row, "failed", { detail: bytes(this.file.size), reason });
    this.queue.say(`${this.file.name} failed. ${reason}`);
    this.queue.onArrived();
    this.queue.next();
  }

  retry() {
    this.state = "waiting";
    this.key = freshKey();
    this.row = this.queue.rows.turn(this.row, "waiting");
  }

  // again cuts a waiting delay short.
  again() {
    if (!this.waiting || !this.upload) return;
    this.waiting = false;
    this.upload.abort();
    if (this.known) this.upload.url = this.known;
    this.upload.start();
  }

  async stop() {
    if (!this.upload) return;
    await this.upload.abort(Boolean(this.known)).catch(() => {});
  }
}

// said is what the server says of the file: its whole body, one line of plain
// text. It is empty when that is something else.
function said(error) {
  const body = error.originalResponse?.getBody?.()?.trim() ?? "";
  return body.length < 400 && !body.startsWith("<") && !body.startsWith("ERR_") ? body : "";
}

// sentence is why a file has failed, in our own words where the server has none.
function sentence(error) {
  const words = said(error);
  if (words) return words;
  const status = error.originalResponse?.getStatus() ?? 0;
  if (status === 401 || status === 403) return "You may not upload here any more. Open the page again.";
  if (status === 404) return "This upload was cancelled. Choose the file again.";
  return "The file could not be sent. Try again.";
}
