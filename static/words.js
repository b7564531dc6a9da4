// The field of the search by words: “/” goes to it, and on its own page the icons follow what is typed.
import { follower } from "./part.js";
import { typing } from "./typing.js";

const field = document.getElementById("q");
const found = document.getElementById("found");
const told = document.querySelector("[data-told]"); // read out to those who do not see the page
const show = follower(found);
let waiting = 0;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

async function follow() {
  const address = new URL(field.form.action);
  address.searchParams.set("q", field.value);
  history.replaceState(null, "", address);
  address.searchParams.set("part", "");
  if (await show(address)) told.textContent = found.querySelector("[data-tell]").textContent;
}

if (told && new URL(field.form.action).pathname === location.pathname) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 80); // ms: between two keys of somebody who types fast
  });
}
