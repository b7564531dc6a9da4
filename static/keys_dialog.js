// The list of keys: “?” shows it over any page, and so does the link at the foot of the page.
import { inTextField } from "./text_fields.js";

const link = document.getElementById("keys-link");
let dialog = null;

async function makeDialog() {
  const response = await fetch(link.href);
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const element = document.createElement("dialog");
  element.id = "keys-dialog";
  element.setAttribute("aria-labelledby", "keys-heading");
  const heading = page.querySelector("h1");
  heading.id = "keys-heading";
  const closeForm = document.createElement("form");
  closeForm.method = "dialog";
  closeForm.append(Object.assign(document.createElement("button"), { className: "plain", textContent: link.dataset.close }));
  element.append(heading, page.querySelector("dl.keys"), closeForm);
  document.body.append(element);
  return element;
}

async function showKeys() {
  try {
    dialog ??= await makeDialog();
    if (!dialog.open) dialog.showModal();
  } catch {
    location.assign(link.href); // the page says what is wrong
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || inTextField(event.target)) return;
  event.preventDefault();
  showKeys();
});
link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showKeys();
});
