// After a form came back with errors, focus goes to their summary, so that a
// screen reader starts there and Tab leads to the first link to a field; unless
// somebody was quicker and types already.
export function errors(doc) {
  const { activeElement } = doc;
  if (!activeElement || activeElement === doc.body) doc.querySelector("[data-errors]")?.focus();
}
