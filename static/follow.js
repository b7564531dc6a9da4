// A form with data-follow="ID": that part of the page follows what is typed and chosen in it.
import { follower } from "./part.js";

const form = document.querySelector("form[data-follow]");
const part = form && document.getElementById(form.dataset.follow);
const told = document.querySelector("[data-told]"); // read out to those who do not see the page
const show = follower(part);
let waiting = 0;

function address() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(fields).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

async function follow() {
  const shown = address();
  history.replaceState(null, "", shown);
  if (!(await show(`${shown}${shown.includes("?") ? "&" : "?"}part`))) return;
  told.textContent = part.querySelector("[data-tell]").textContent;
  document.dispatchEvent(new Event("followed"));
}

if (part) {
  form.querySelector("button").hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 120); // ms: between two keys of somebody who types fast
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    follow();
  });
}
