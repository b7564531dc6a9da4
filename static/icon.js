// The icon page: the preview and the texts follow the controls, and buttons copy. Without this script, “Apply” does.
import { copied } from "./clipboard.js";
import { follower } from "./part.js";
import { tell } from "./tell.js";
import { typing } from "./typing.js";

const form = document.getElementById("look");
const drawn = document.getElementById("drawn");
const colour = form.elements.namedItem("colour");
const picker = document.getElementById("picker");
const show = follower(drawn, 400);
let waiting = 0;
let shown = true; // whether what the page shows is what the controls say

function asked() {
  const address = new URL(location.pathname, location.href);
  for (const [name, value] of new FormData(form)) {
    if (value !== "" && !(name === "rotate" && value === "0")) address.searchParams.append(name, value);
  }
  return address;
}

// Half a name of a colour is no mistake while it is `typed`.
async function follow(typed) {
  clearTimeout(waiting);
  waiting = 0;
  shown = false;
  const address = asked();
  history.replaceState(null, "", address);
  address.searchParams.set("part", "");
  shown = await show(address, typed);
  if (shown) showButtons();
}

function showButtons() {
  for (const button of drawn.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  if (await copied(field.value)) tell(form.dataset.copied);
  else field.select(); // for the reader to copy
}

drawn.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.defaultPrevented) return; // on a tile, it copies that icon
  drawn.querySelector('[aria-keyshortcuts="c"]').click();
});

form.addEventListener("input", (event) => {
  if (event.target === picker) colour.value = picker.value;
  else if (event.target === colour) showInPicker();
  clearTimeout(waiting);
  waiting = setTimeout(follow, 120, true); // ms: a picker that is dragged changes all the time
});
form.addEventListener("change", () => {
  if (waiting || !shown) follow(false); // else nothing may change under a click that has left the field
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  follow(false);
});

// A canvas knows every way to write a colour, and says it as a picker wants it.
function showInPicker() {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour.value;
  picker.value = canvas.fillStyle;
}

form.querySelector("button").hidden = true;
if (picker) {
  picker.hidden = false;
  showInPicker();
}
showButtons();
