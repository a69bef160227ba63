// The page of notifications: a notice whose link is followed is read. Without this
// its dot, which is a button, says so.
document.addEventListener("click", follow);
document.addEventListener("auxclick", follow);

function follow(event) {
  const link = event.target.closest?.(".notice.new .plain");
  const form = link?.closest(".notice").querySelector("form");
  if (!form || event.button > 1) return;
  navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
}
