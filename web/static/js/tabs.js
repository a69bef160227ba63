// A row of tabs that is longer than the window begins at the current one.
export function tabs(root) {
  for (const here of root.querySelectorAll(".tabs > [aria-current]")) {
    const row = here.parentElement;
    const [at, within] = [here, row].map((element) => element.getBoundingClientRect());
    if (at.left < within.left || at.right > within.right) row.scrollLeft += (at.left + at.right - within.left - within.right) / 2;
  }
}
