// A details menu closes on Escape (focus returns to its summary), on a click
// outside, and when focus leaves it.
const open = "details.menu[open]";

function closeOthers(root, kept) {
  for (const menu of root.querySelectorAll(open)) {
    if (!kept || !menu.contains(kept)) menu.open = false;
  }
}

export function menus(root) {
  root.addEventListener("click", (event) => closeOthers(root, event.target));
  root.addEventListener("focusin", (event) => closeOthers(root, event.target));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.(open) ?? root.querySelector(open);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
