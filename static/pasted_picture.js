// Pictures that a person pastes or drops on a page: as a file, as the source of an SVG, or as a data: address.
import { inTextField } from "./text_fields.js";

// A data: address in CSS, HTML or a sentence. It may hold spaces and quotes of the other kind only within quotes.
const DATA_ADDRESS = /"(data:image\/[^"]+)"|'(data:image\/[^']+)'|(data:image\/[^\s"'<>)]+)/i;
// Text outside fields that its writer takes for a picture, even if it holds none: markup or an address, not words.
const PICTURE_LIKE_TEXT = /<|data:image\/|^\s*https?:\/\/\S+\s*$/i;
const PICTURE_LIKE_HTML = /<(img|svg)\b/i;
let isDraggingFromPage = false; // a drag of an icon of this page does not ask for a search

// Returns the picture in a clipboard or a drop as a file, or null if it holds none.
function pictureIn(dataTransfer) {
  const files = [...dataTransfer.files];
  const file = files.find((candidate) => candidate.type.startsWith("image/")) ?? files[0];
  if (file) return file;
  for (const type of ["text/plain", "text/html", "text/uri-list"]) {
    const text = dataTransfer.getData(type).trim();
    if (/^data:image\//i.test(text)) return decodeDataAddress(text);
    const svg = text.match(/<svg[\s\S]*<\/svg>/i)?.[0];
    if (svg) return new File([svg], "pasted.svg", { type: "image/svg+xml" });
    const address = text.match(DATA_ADDRESS)?.slice(1).find(Boolean);
    if (address) return decodeDataAddress(address);
  }
  return null;
}

// Returns what a data: address holds as a file, or null if it cannot be decoded.
function decodeDataAddress(address) {
  const [, type, base64, text] = address.match(/^data:([^;,]*)[^,]*?(;base64)?,(.*)$/is) ?? [];
  try {
    const bytes = base64 ? Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) : decodeURIComponent(text);
    return new File([bytes], "pasted", { type });
  } catch {
    return null;
  }
}

// Text that is dropped on a field goes into the field.
function isDroppedPicture(event) {
  return !isDraggingFromPage && (event.dataTransfer.types.includes("Files") || !inTextField(event.target));
}

// Office programs copy cells and sentences both as text and as a picture: in a field, the text is pasted.
function isPastedPicture({ target, clipboardData }) {
  const text = clipboardData.getData("text/plain");
  const fileCount = clipboardData.files.length;
  if (inTextField(target)) return !text && fileCount > 0;
  return fileCount > 0 || PICTURE_LIKE_TEXT.test(text) || PICTURE_LIKE_HTML.test(clipboardData.getData("text/html"));
}

// Calls `onPicture` with the file of each picture that is pasted or dropped, or with null if what came holds none.
export function listenForPictures(onPicture) {
  document.addEventListener("paste", (event) => {
    if (!isPastedPicture(event)) return;
    event.preventDefault();
    onPicture(pictureIn(event.clipboardData));
  });

  document.addEventListener("dragstart", () => { isDraggingFromPage = true; });
  for (const type of ["dragend", "pointermove"]) { // dragend is not sent if the icon was removed during the drag
    document.addEventListener(type, () => { isDraggingFromPage = false; });
  }
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      if (!isDroppedPicture(event)) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!isDroppedPicture(event)) return;
    event.preventDefault();
    onPicture(pictureIn(event.dataTransfer));
  });
}

// Leaves this page for the one at `address` and sends it the picture, as a form with a file field does.
export function submitPicture(file, address) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", enctype: "multipart/form-data", action: address, hidden: true });
  const field = Object.assign(document.createElement("input"), { type: "file", name: "image" });
  const transfer = new DataTransfer();
  transfer.items.add(file);
  field.files = transfer.files;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
