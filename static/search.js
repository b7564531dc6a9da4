// Paste and drop for the search form; without this script, the file field and its button do the same work.
const form = document.getElementById("search");
const field = form.elements.namedItem("image");
const drop = document.getElementById("drop");
const preview = document.getElementById("preview");

document.documentElement.classList.add("js");

function show(file) {
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(file);
  preview.hidden = false;
}

function search(file) {
  const files = new DataTransfer();
  files.items.add(file);
  field.files = files.files;
  show(file);
  form.requestSubmit();
}

function fileIn(data) {
  const files = [...data.files];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}

field.addEventListener("change", () => {
  if (field.files.length) search(field.files[0]);
});

document.addEventListener("paste", (event) => {
  const file = fileIn(event.clipboardData);
  if (file) {
    event.preventDefault();
    search(file);
    return;
  }
  const text = event.clipboardData.getData("text/plain").trim();
  if (text.startsWith("<") && text.includes("<svg")) {
    event.preventDefault();
    search(new File([text], "pasted.svg", { type: "image/svg+xml" }));
  }
});

for (const type of ["dragenter", "dragover"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const file = fileIn(event.dataTransfer);
  if (file) search(file);
});
