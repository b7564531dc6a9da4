// The bag. Without this script its buttons submit forms; with it, they show what is in the bag and change it in place.
import { copyText } from "./clipboard.js";
import { showStatus } from "./status_message.js";

const form = document.getElementById("bag-form");
const countLabel = document.getElementById("bag-count");
let iconsInBag = new Set(); // public ids

// The public id of what a button adds: without the stroke width that may follow it.
function idOf(value) {
  return value.split("?")[0];
}

function updateButton(button) {
  const isInBag = iconsInBag.has(idOf(button.value));
  const { addLabel, removeLabel } = button.dataset;
  if (addLabel) button.textContent = isInBag ? removeLabel : addLabel;
  else button.setAttribute("aria-pressed", isInBag);
}

function updateButtons(root) {
  for (const button of root.querySelectorAll("button[form='bag-form']")) updateButton(button);
}

function setIconsInBag(icons) {
  iconsInBag = new Set(icons);
  countLabel.textContent = `(${iconsInBag.size})`;
  countLabel.hidden = !iconsInBag.size;
  updateButtons(document);
}

async function fetchIconsInBag() {
  const response = await fetch(form.dataset.contentsUrl, { cache: "no-store" }).catch(() => null);
  if (response?.ok) setIconsInBag((await response.json()).icons);
}

async function addOrRemove(value) {
  const icon = idOf(value);
  const isAdding = !iconsInBag.has(icon);
  const body = new FormData(form);
  body.append(isAdding ? "add" : "remove", isAdding ? value : icon);
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (answer.icons) setIconsInBag(answer.icons);
    showStatus(answer.detail ?? (isAdding ? form.dataset.added : form.dataset.removed).replace("{icon}", icon));
  } catch {
    showStatus(form.dataset.unreachable);
  }
}

// Adds all icons that a form holds.
async function addAll(allForm) {
  try {
    const body = new FormData(allForm);
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (answer.icons) setIconsInBag(answer.icons);
    showStatus(answer.detail ?? allForm.dataset.added);
  } catch {
    showStatus(form.dataset.unreachable);
  }
}

function removeButtons() {
  return [...document.querySelectorAll(".bag-button.remove")];
}

// Removes an icon from the bag that the page shows. The page gets its new contents, and the focus stays at its place.
async function removeFromShownBag(address, body, icon) {
  const index = removeButtons().findIndex((button) => button.value === icon);
  try {
    const response = await fetch(address, { method: "POST", body });
    if (response.status >= 500) return showStatus(form.dataset.unreachable); // loading the page again would not help
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const newBag = page.getElementById("bag");
    if (!response.ok || !newBag) return location.reload(); // the bag or the icon was deleted, or the owner has changed
    document.getElementById("bag").replaceWith(newBag);
    const buttons = removeButtons();
    (buttons[Math.min(index, buttons.length - 1)] ?? document.getElementById("main")).focus();
    showStatus(form.dataset.removed.replace("{icon}", icon));
    await fetchIconsInBag();
  } catch {
    showStatus(form.dataset.unreachable);
  }
}

// One change is sent at a time, because the first one may create the bag of this visitor.
let queue = Promise.resolve();
function enqueue(change) {
  queue = queue.then(change).catch(() => null); // a change that fails does not hold up the next one
}

document.addEventListener("submit", (event) => {
  if (event.target.matches(".add-all")) {
    event.preventDefault();
    enqueue(() => addAll(event.target));
    return;
  }
  const button = event.submitter;
  const isRemoveButton = button?.matches(".bag-button.remove");
  if (event.target !== form && !isRemoveButton) return;
  event.preventDefault();
  if (isRemoveButton) {
    const body = new FormData(event.target, button); // read now, because the page may change before its turn comes
    enqueue(() => removeFromShownBag(event.target.action, body, button.value));
  } else {
    enqueue(() => addOrRemove(button.value));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "b" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.target.closest(".tile")?.querySelector(".bag-button")?.click();
});

const copyButton = document.getElementById("copy-address");
if (copyButton) {
  const addressField = document.getElementById("address");
  copyButton.hidden = false;
  copyButton.addEventListener("click", async () => {
    if (await copyText(addressField.value)) showStatus(copyButton.dataset.copied);
    else addressField.select(); // so that the reader can copy it
  });
}

// Tiles may be added to the page later, while somebody types or scrolls.
new MutationObserver((mutations) => {
  for (const { addedNodes } of mutations) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) updateButtons(node);
  }
}).observe(document.getElementById("main"), { childList: true, subtree: true });

// The bag may have changed in another tab, or on a page after this one, before the visitor comes back to this page.
const [navigation] = performance.getEntriesByType("navigation");
if (!countLabel.hidden || navigation?.type === "back_forward") enqueue(fetchIconsInBag);
else updateButtons(document);
addEventListener("pageshow", (event) => { if (event.persisted) enqueue(fetchIconsInBag); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) enqueue(fetchIconsInBag); });
