// Pictures that a person gives to a page: pasted or dropped, as a file, as source, or as an address that holds one.
import { typing } from "./typing.js";

// In CSS, HTML or a sentence; only within quotes may an address hold spaces and quotes of the other kind.
const ADDRESS = /"(data:image\/[^"]+)"|'(data:image\/[^']+)'|(data:image\/[^\s"'<>)]+)/i;
// Text outside fields that is meant as a picture, even where it holds none; words are not.
const MEANT = /<|data:image\/|^\s*https?:\/\/\S+\s*$/i;
const MEANT_HTML = /<(img|svg)\b/i;
let ours = false; // an icon of this page that is dragged is not meant as a question

// A picture in what was pasted or dropped: a file, the source of an SVG, or a data: address.
function pictureIn(data) {
  const files = [...data.files];
  const file = files.find((one) => one.type.startsWith("image/")) ?? files[0];
  if (file) return file;
  for (const type of ["text/plain", "text/html", "text/uri-list"]) {
    const text = data.getData(type).trim();
    if (/^data:image\//i.test(text)) return decoded(text);
    const source = text.match(/<svg[\s\S]*<\/svg>/i)?.[0];
    if (source) return new File([source], "given.svg", { type: "image/svg+xml" });
    const address = text.match(ADDRESS)?.slice(1).find(Boolean);
    if (address) return decoded(address);
  }
  return null;
}

function decoded(address) {
  const [, type, base64, text] = address.match(/^data:([^;,]*)[^,]*?(;base64)?,(.*)$/is) ?? [];
  try {
    const bytes = base64 ? Uint8Array.from(atob(text), (one) => one.charCodeAt(0)) : decodeURIComponent(text);
    return new File([bytes], "given", { type });
  } catch {
    return null;
  }
}

// Text that is dropped on a field belongs there.
function meant(event) {
  return !ours && (event.dataTransfer.types.includes("Files") || !typing(event.target));
}

// Office programs copy cells and sentences as text and as a picture: into a field goes the text.
function pastedAsPicture({ target, clipboardData }) {
  const text = clipboardData.getData("text/plain");
  const { length } = clipboardData.files;
  if (typing(target)) return !text && length;
  return length || MEANT.test(text) || MEANT_HTML.test(clipboardData.getData("text/html"));
}

// `given` is called with the file of each picture, or with null where what was given holds none.
export function onGiven(given) {
  document.addEventListener("paste", (event) => {
    if (!pastedAsPicture(event)) return;
    event.preventDefault();
    given(pictureIn(event.clipboardData));
  });

  document.addEventListener("dragstart", () => { ours = true; });
  for (const type of ["dragend", "pointermove"]) { // no end is told of a drag whose icon has gone meanwhile
    document.addEventListener(type, () => { ours = false; });
  }
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      if (!meant(event)) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!meant(event)) return;
    event.preventDefault();
    given(pictureIn(event.dataTransfer));
  });
}

// From a page without a place for the answer to the one that has it, as a form does it.
export function leadTo(file, address) {
  const form = Object.assign(document.createElement("form"), { method: "post", enctype: "multipart/form-data", action: address, hidden: true });
  const field = Object.assign(document.createElement("input"), { type: "file", name: "image" });
  const held = new DataTransfer();
  held.items.add(file);
  field.files = held.files;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
