// After a form came back with errors, focus goes to their summary, so that a
// screen reader starts there and Tab leads to the first link to a field.
export function errors(root) {
  root.querySelector("[data-errors]")?.focus();
}
