// Sizes and times as people read them, in the words that the server uses.
export function bytes(n) {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  while (n >= 999.5 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  const text = unit < 2 || n >= 100 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, "");
  return `${text} ${units[unit]}`;
}

export function timeLeft(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "a minute left" : `${minutes} minutes left`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? "an hour left" : `${hours} hours left`;
}

// A key that makes a repeated request count once.
export function freshKey() {
  const raw = crypto.getRandomValues(new Uint8Array(16));
  return [...raw].map((b) => b.toString(16).padStart(2, "0")).join("");
}
