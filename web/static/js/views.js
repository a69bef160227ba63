// Tells once that this page was looked at: nothing of who looks, and of where
// they came from the host alone. A page that was drawn ahead waits until it is
// seen.
function from(doc) {
  try {
    return new URL(doc.referrer).host;
  } catch {
    return "";
  }
}

export function views(doc) {
  const to = doc.body.dataset.seen;
  if (!to || !navigator.sendBeacon) return;
  const tell = () => navigator.sendBeacon(`${to}?from=${encodeURIComponent(from(doc))}`);
  if (doc.prerendering) doc.addEventListener("prerenderingchange", tell, { once: true });
  else tell();
}
