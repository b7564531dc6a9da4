// The field of the search by words: “/” goes to it, and on its own page the icons follow what is typed.
import { typing } from "./typing.js";

const field = document.getElementById("q");
const found = document.getElementById("found");
let waiting = 0;
let request = null;

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
  request?.abort(); // only the last answer counts
  request = new AbortController();
  try {
    const reply = await fetch(address, { signal: request.signal });
    if (!reply.ok) return;
    found.innerHTML = await reply.text(); // our own template, in which every name is escaped
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

if (found) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 80); // ms: between two keys of somebody who types fast
  });
}
