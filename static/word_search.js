// The search by words. The key “/” goes to its field on every page. On its own page the icons follow what is typed; on
// any other page, the first of them are shown below the field.
import { fragmentLoader } from "./page_fragment.js";
import { inTextField } from "./text_fields.js";

const TYPING_PAUSE = 80; // ms, about the time between two keys of somebody who types fast
const field = document.getElementById("q");
const filters = document.getElementById("word-filters"); // on the page of the search by words
const preview = document.getElementById("word-preview");
const announcer = document.getElementById("preview-announcer"); // screen readers read out what it holds
const loadPreview = fragmentLoader(preview);
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || inTextField(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

function hidePreview() {
  clearTimeout(timer);
  preview.hidden = true;
}

async function showPreview() {
  const text = field.value.trim();
  const address = new URL(field.form.action);
  address.searchParams.set("q", text);
  address.searchParams.set("part", "preview");
  const isLoaded = await loadPreview(address);
  if (!isLoaded || text !== field.value.trim()) return; // it was changed or wiped meanwhile
  preview.hidden = false;
  announcer.textContent = preview.querySelector("[data-summary]").textContent;
}

function followOnOwnPage() {
  filters.elements.q.value = field.value;
  filters.dispatchEvent(new Event("input", { bubbles: true }));
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  if (filters) followOnOwnPage();
  else if (field.value.trim()) timer = setTimeout(showPreview, TYPING_PAUSE);
  else hidePreview();
});

if (!filters) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || preview.hidden || !preview.contains(event.target)) return;
    hidePreview();
    field.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!preview.contains(event.target) && !field.form.contains(event.target)) hidePreview();
  });
}
