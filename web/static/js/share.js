// "Copy the link" and "Share" stand hidden in the page and appear where the
// browser can do them. The address itself is always there, to copy by hand.
function reveal(button) {
  const able = button.dataset.share === "copy" ? navigator.clipboard : navigator.share;
  if (able) button.hidden = false;
}

async function act(button) {
  const { share: how, url, title } = button.dataset;
  const said = button.parentElement.querySelector("[role=status]");
  try {
    if (how === "copy") {
      await navigator.clipboard.writeText(url);
      if (said) said.textContent = button.dataset.done;
    } else {
      await navigator.share({ url, title });
    }
  } catch (problem) {
    // AbortError: the person closed the share sheet, which is an answer.
    if (said && problem.name !== "AbortError") said.textContent = button.dataset.failed ?? "";
  }
}

export function share(root) {
  const buttons = "button[data-share]";
  root.querySelectorAll(buttons).forEach(reveal);
  root.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.(buttons).forEach(reveal));
  root.addEventListener("click", (event) => {
    const button = event.target.closest?.(buttons);
    if (button) act(button);
  });
}
