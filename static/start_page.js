// The start page before a search: its examples are searched for at a click, and it follows the indexing.
import { searchForExample } from "./picture_search.js";

const INTERVAL = 3000; // ms between two looks at how far the indexing is
const root = document.getElementById("picture-search");
const library = document.getElementById("library");

async function follow() {
  const isSeen = !document.hidden && !root.classList.contains("answered");
  const response = isSeen ? await fetch(`${location.pathname}?part=library`).catch(() => null) : null;
  const hasFocus = library.contains(document.activeElement); // what somebody walks through stays
  if (response?.ok && !hasFocus) library.innerHTML = await response.text(); // from our own template
  followWhileIndexing();
}

function followWhileIndexing() {
  const pending = library.querySelector("[data-pending]")?.dataset.pending ?? "0";
  if (pending !== "0") setTimeout(follow, INTERVAL);
}

document.getElementById("examples")?.addEventListener("submit", (event) => {
  event.preventDefault();
  searchForExample(event.submitter);
});
if (library) followWhileIndexing();
