// bell keeps the number at the bell as the server would write it, and says it
// when it rises.
export function bell(root) {
  const link = root.querySelector(".bell");
  if (!link) return;
  let before = Number(/\d[\d,]*/.exec(link.getAttribute("aria-label"))?.[0].replaceAll(",", "") ?? 0);
  const voice = document.createElement("span");
  voice.className = "hide";
  voice.setAttribute("role", "status");
  root.addEventListener("live:notice", ({ detail }) => {
    const unread = detail?.unread;
    if (!Number.isInteger(unread) || unread === before) return;
    const label = unread ? `Notifications, ${unread.toLocaleString("en")} unread` : "Notifications";
    link.setAttribute("aria-label", label);
    link.querySelector(".dot").hidden = unread === 0;
    if (unread > before) {
      if (!voice.isConnected) link.after(voice);
      voice.textContent = label;
    }
    before = unread;
  });
}
