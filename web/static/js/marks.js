// A mark shows at once, before the server has answered. If the answer is a
// refusal, the form is sent once more as a plain one: it names what shall be, so
// that twice is once, and the page that comes says what the matter is. Without
// any answer the mark is as it was, and so are the words that somebody typed.
function flip(button) {
  const [word, count] = button.querySelectorAll("span");
  const on = button.getAttribute("aria-pressed") !== "true";
  const other = button.dataset.mark;
  button.dataset.mark = word ? word.textContent : button.getAttribute("aria-label");
  button.setAttribute("aria-pressed", on);
  if (word) word.textContent = other;
  else button.setAttribute("aria-label", other);
  if (count) count.textContent = (count.textContent.replaceAll(",", "") - (on ? -1 : 1)).toLocaleString("en");
}

export function marks(root) {
  const turn = ({ target }) => {
    const button = target.querySelector?.("[data-mark]");
    if (button) flip(button);
  };
  root.addEventListener("htmx:beforeRequest", turn);
  root.addEventListener("htmx:afterRequest", (event) => {
    const { target, detail } = event;
    if (detail.successful || !target.matches("form[data-again]")) return;
    if (detail.xhr.status) target.submit();
    else turn(event);
  });
}
