// A form with data-live-filter="ID": the element with this id follows what is typed and chosen in the form.
import { fragmentLoader } from "./page_fragment.js";

const TYPING_PAUSE = 120; // ms, about the time between two keys of somebody who types
const form = document.querySelector("form[data-live-filter]");
const results = form && document.getElementById(form.dataset.liveFilter);
const announcer = document.getElementById("announcer"); // screen readers read out what it holds
const loadResults = fragmentLoader(results);
let timer = 0;

function filteredAddress() {
  const filledFields = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(filledFields).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

async function applyFilters() {
  const address = filteredAddress();
  history.replaceState(null, "", address);
  if (!(await loadResults(`${address}${address.includes("?") ? "&" : "?"}part`))) return;
  announcer.textContent = results.querySelector("[data-summary]").textContent;
  document.dispatchEvent(new Event("live-filter-applied"));
}

if (results) {
  form.querySelector("button").hidden = true;
  form.addEventListener("input", (event) => {
    if (event.target.matches(".option-filter")) return; // it shortens a list of choices, and chooses nothing
    clearTimeout(timer);
    timer = setTimeout(applyFilters, TYPING_PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    applyFilters();
  });
}
