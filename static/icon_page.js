// The icon page: the preview and the code follow the controls, and buttons copy the code. Without this script, the
// button “Apply” loads the page again.
import { copyText } from "./clipboard.js";
import { fragmentLoader } from "./page_fragment.js";
import { carriedLook, carryLook, rememberCopyFormat } from "./remembered.js";
import { showStatus } from "./status_message.js";
import { inTextField } from "./text_fields.js";

const CARRIED = ["colour", "size", "stroke"]; // what goes along to the next icon
const INPUT_PAUSE = 120; // ms; while a colour picker is dragged, its value changes all the time
const form = document.getElementById("look-form");
const iconInLook = document.getElementById("icon-in-look");
const colourField = fieldOf("colour");
const colourPicker = document.getElementById("colour-picker");
const loadIconInLook = fragmentLoader(iconInLook, 400);
const bagButton = document.querySelector("button[form='bag-form'][name='add']");
let timer = 0;
let isUpToDate = true; // whether the page shows what the controls say

// Returns the field for a part of the look; null if this icon has none.
function fieldOf(name) {
  return document.getElementById(`id_${name}`);
}

function lookAddress() {
  const address = new URL(location.pathname, location.href);
  for (const [name, value] of new FormData(form)) {
    if (value !== "" && !(name === "rotate" && value === "0")) address.searchParams.append(name, value);
  }
  // A field for numbers gives away nothing of a text that is none; the site is to say what is wrong all the same.
  for (const field of form.elements) if (field.validity.badInput) address.searchParams.append(field.name, "?");
  return address;
}

// Remembers the look, and has the links to other icons lead to them in it. What this icon has not stays as it was.
function carryShownLook() {
  const look = carriedLook();
  for (const name of CARRIED) {
    const field = fieldOf(name);
    if (field?.value) look.set(name, field.value);
    else if (field) look.delete(name);
  }
  carryLook(look);
  for (const link of document.querySelectorAll("main .tile > a:not([href*='?v='])")) link.search = look;
}

// Shows the icon in the look of the one before, where the address asks for none.
function takeCarriedLook() {
  const look = carriedLook();
  const fields = CARRIED.map(fieldOf).filter((field) => field && look.has(field.name));
  if (location.search || !fields.length) return;
  for (const field of fields) field.value = look.get(field.name);
  applyLook(false);
}

// Shows the icon as it was drawn, on this page: left for another, an answer that is under way would carry the old look.
function resetLook() {
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = 0;
    else if (!["color", "hidden"].includes(field.type)) field.value = ""; // the hidden one has the drawing's version
  }
  if (colourPicker) colourPicker.value = "#000000";
  carryLook("");
  applyLook(false);
}

async function applyLook(isTyping) {
  clearTimeout(timer);
  timer = 0;
  isUpToDate = false;
  const address = lookAddress();
  history.replaceState(null, "", address);
  address.searchParams.set("part", "");
  isUpToDate = await loadIconInLook(address, isTyping);
  if (isUpToDate) showCopyButtons();
  if (isUpToDate) addAtShownStroke();
  if (isUpToDate && !iconInLook.querySelector("[role=alert]")) carryShownLook();
}

// Has the button add the icon to the bag with the stroke width that is shown.
function addAtShownStroke() {
  const stroke = fieldOf("stroke")?.value;
  const icon = bagButton.value.split("?")[0];
  bagButton.value = stroke ? `${icon}?${new URLSearchParams({ stroke })}` : icon;
}

function showCopyButtons() {
  for (const button of iconInLook.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function copyCode(button) {
  const field = document.getElementById(button.dataset.copy);
  rememberCopyFormat(button.dataset.copy.replace("code-", ""));
  if (await copyText(field.value)) showStatus(form.dataset.copied);
  else field.select(); // so that the reader can copy it
}

iconInLook.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copyCode(button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || inTextField(event.target)) return;
  if (event.defaultPrevented) return; // on a tile, the key copies the icon of that tile
  iconInLook.querySelector('[aria-keyshortcuts="c"]').click();
});

form.addEventListener("input", (event) => {
  if (event.target === colourPicker) colourField.value = colourPicker.value;
  else if (event.target === colourField) showColourInPicker();
  clearTimeout(timer);
  timer = setTimeout(applyLook, INPUT_PAUSE, true);
});
form.addEventListener("change", () => {
  if (timer || !isUpToDate) applyLook(false); // else the page stays as it is under the click that leaves a field
});
form.addEventListener("click", (event) => {
  const { size } = event.target.dataset; // of a link to one of the usual sizes
  if (!size || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  fieldOf("size").value = size;
  applyLook(false);
});
form.addEventListener("focusout", (event) => {
  if (event.target.validity?.badInput) applyLook(false); // such a text changes no value, so no change is told
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  applyLook(false);
});

// A canvas reads every way to write a colour in CSS, and writes it in the only way that a colour picker reads.
function showColourInPicker() {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colourField.value;
  colourPicker.value = canvas.fillStyle;
}

form.querySelector("button").hidden = true;
document.getElementById("reset-look").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  resetLook();
});
if (colourPicker) {
  colourPicker.hidden = false;
  showColourInPicker();
}
showCopyButtons();
takeCarriedLook();
