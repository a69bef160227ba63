// The compose page: resumable uploads by the tus protocol. Without this script
// the same form sends its files with the rest of its fields.
import { Upload, isSupported } from "../vendor/tus/tus.min.js";

const area = document.querySelector("[data-upload]");
if (area && isSupported) area.dispatchEvent(new CustomEvent("vitrine:upload", { bubbles: true, detail: { Upload } }));
