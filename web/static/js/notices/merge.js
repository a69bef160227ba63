// merge makes a tree like another one and keeps every element that is still
// there: what somebody reads, has selected or stands on does not change under
// them. Elements with an id are known by it, wherever they move; the others by
// their place.
export function merge(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const kept = same(at, next);
    if (!kept) {
      old.insertBefore(next, at);
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else old.insertBefore(kept, at);
    if (kept.nodeType === Node.ELEMENT_NODE) merge(kept, next);
    else if (kept.data !== next.data) kept.data = next.data;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function same(at, next) {
  if (next.id) return document.getElementById(next.id);
  return at && at.nodeName === next.nodeName && !at.id ? at : null;
}
