// Tells once that this page was looked at: nothing of who looks, and of where
// they came from the host alone. It waits until the page is there, so that on a
// slow line pictures come first, or until somebody leaves. A page that was drawn
// ahead waits until it is seen.
const patience = 1000; // ms after the page has loaded

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
  let told = false;
  const tell = () => {
    if (told || doc.prerendering) return;
    told = true;
    navigator.sendBeacon(`${to}?from=${encodeURIComponent(from(doc))}`);
  };
  const soon = () => setTimeout(tell, patience);
  if (doc.prerendering) doc.addEventListener("prerenderingchange", soon, { once: true });
  else if (doc.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
  addEventListener("pagehide", tell);
}
