// Connection keeps a WebSocket open while somebody looks at the page, asks now
// and then where none can be had, and goes on from the last id in both.
const silence = 60000; // the server says something every 25 s
const opening = 10000; // until the server has said hello
const hiddenLong = 300000; // nobody looks: the place is given back
const first = 1000; // before the first new attempt
const longest = 60000; // between two attempts
const fallBack = 2; // attempts that fail before the page asks instead

// The codes with which the server ends a connection for a reason of its own.
const goingAway = 1001;
const signedOut = 4001;
const displaced = 4002;

export class Connection {
  constructor({ after, kinds, tell, state }) {
    Object.assign(this, { after, kinds, tell, state });
    this.failures = 0;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("online", () => this.again(0));
    addEventListener("pagehide", () => this.park());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.seen();
    });
    this.seen();
  }

  // seen follows whether anybody looks.
  seen() {
    clearTimeout(this.leaving);
    if (document.hidden) {
      clearTimeout(this.asking);
      this.leaving = setTimeout(() => this.park(), hiddenLong);
      return;
    }
    if (this.ended || this.socket) return;
    this.failures = 0;
    this.open();
  }

  // park gives everything back until somebody looks again.
  park() {
    this.quiet();
    this.state("off");
  }

  // end is for good: this browser is signed out.
  end() {
    this.ended = true;
    this.park();
  }

  quiet() {
    for (const timer of [this.asking, this.retry, this.watch, this.leaving]) clearTimeout(timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  again(wait) {
    if (this.ended || this.socket || document.hidden) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), wait);
  }

  address(path) {
    const url = new URL(path, location.href);
    url.search = new URLSearchParams({ after: this.after, kinds: this.kinds.join(",") });
    return url;
  }

  open() {
    if (this.ended || this.socket || document.hidden) return;
    const url = this.address("/live");
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    let socket;
    try {
      socket = new WebSocket(url);
    } catch {
      this.failed();
      return;
    }
    this.socket = socket;
    this.alive(opening);
    socket.addEventListener("message", (event) => {
      if (socket !== this.socket) return;
      this.alive(silence);
      this.heard(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.socket) this.closed(event);
    });
  }

  // alive waits for the next sign of life; a line that is dead says nothing, not
  // even that it is.
  alive(patience) {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.socket?.close();
      this.closed({ code: 0, reason: "" });
    }, patience);
  }

  heard({ id, kind, data }) {
    if (id) this.after = id;
    if (kind === "hello") {
      this.failures = 0;
      clearTimeout(this.asking);
      this.state("socket");
    } else if (kind !== "beat") this.tell(kind, data);
  }

  closed({ code, reason }) {
    clearTimeout(this.watch);
    this.socket = null;
    if (code === signedOut) this.end();
    else if (code === displaced) this.park();
    else if (code === goingAway) {
      this.state("off");
      this.again(Number(/\d+/.exec(reason)?.[0] ?? first));
    } else this.failed();
  }

  // failed waits longer each time, and never as long as the others do.
  failed() {
    this.failures++;
    const wait = Math.min(first * 2 ** (this.failures - 1), longest) * (0.5 + Math.random());
    if (this.failures >= fallBack) this.poll();
    else this.state("off");
    this.again(wait);
  }

  // poll asks what the connection would have told. It ends when that stands.
  async poll() {
    clearTimeout(this.asking);
    if (this.ended || document.hidden || this.polling) return;
    this.polling = true;
    let wait = 30;
    try {
      const response = await fetch(this.address("/live/poll"), { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "manual" });
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
        this.end(); // to the sign-in page
        return;
      }
      if (response.ok) wait = this.answered(await response.json());
      else wait = Number(response.headers.get("Retry-After")) || wait;
    } catch {
      this.state("off"); // no connection at all; it comes back
    } finally {
      this.polling = false;
    }
    if (document.documentElement.dataset.live === "socket") return;
    this.asking = setTimeout(() => this.poll(), wait * 1000 * (0.8 + 0.4 * Math.random()));
  }

  answered({ position, missed, messages, again }) {
    if (document.documentElement.dataset.live === "socket") return again; // which tells the same
    this.after = position;
    this.state("polling");
    if (missed) this.tell("missed");
    for (const { kind, data } of messages) this.tell(kind, data);
    return again;
  }
}
