// The search by words. The key “/” goes to its field on every page; on its own page the icons follow what is typed.
import { fragmentLoader } from "./page_fragment.js";
import { inTextField } from "./text_fields.js";

const TYPING_PAUSE = 80; // ms, about the time between two keys of somebody who types fast
const field = document.getElementById("q");
const results = document.getElementById("word-results");
const announcer = document.getElementById("announcer"); // screen readers read out what it holds
const loadResults = fragmentLoader(results);
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || inTextField(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

async function search() {
  const address = new URL(field.form.action);
  address.searchParams.set("q", field.value);
  history.replaceState(null, "", address);
  address.searchParams.set("part", "");
  if (await loadResults(address)) announcer.textContent = results.querySelector("[data-summary]").textContent;
}

if (results) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, TYPING_PAUSE);
  });
}
