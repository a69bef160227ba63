// The three ways in: the file field, a drop anywhere on the page, and paste.
export function choosing({ form, say, take }) {
  const zone = form.querySelector("[data-drop]");
  const field = zone?.querySelector("input[type=file]");
  field?.addEventListener("change", () => {
    const files = [...field.files];
    field.value = ""; // the form must not send them a second time
    take(files);
  });

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0; // dragenter and dragleave come for every element on the way
  const over = (yes) => zone?.classList.toggle("is-over", yes);
  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth++;
    over(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event) && --depth <= 0) {
      depth = 0;
      over(false);
    }
  });
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser would open the file and leave
    depth = 0;
    over(false);
    take(dropped(event.dataTransfer, say));
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}

// A folder looks like an empty file; saying so beats failing later.
function dropped(transfer, say) {
  const files = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    if (item.webkitGetAsEntry?.()?.isDirectory) {
      say("A folder cannot be dropped. Open it and choose the files in it.");
      continue;
    }
    const file = item.getAsFile();
    if (file) files.push(file);
  }
  return files;
}
