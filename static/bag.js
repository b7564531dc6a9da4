// The bag. Without this script its buttons are forms; with it, they show what is in and change it in place.
import { copied } from "./clipboard.js";
import { tell } from "./tell.js";

const form = document.getElementById("bag-form");
const count = document.getElementById("bag-count");
let inside = new Set();

function show(button) {
  const put = inside.has(button.value);
  if (button.dataset.in) button.textContent = put ? button.dataset.in : button.dataset.out;
  else button.setAttribute("aria-pressed", put);
}

function mark(root) {
  root.querySelectorAll("button[form='bag-form']").forEach(show);
}

function hold(icons) {
  inside = new Set(icons);
  count.textContent = `(${inside.size})`;
  count.hidden = !inside.size;
  mark(document);
}

async function refresh() {
  const reply = await fetch(form.dataset.inside, { cache: "no-store" }).catch(() => null);
  if (reply?.ok) hold((await reply.json()).icons);
}

async function toggle(icon) {
  const put = !inside.has(icon);
  const body = new FormData(form);
  body.append(put ? "add" : "remove", icon);
  try {
    const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await reply.json();
    if (told.icons) hold(told.icons);
    tell(told.detail ?? (put ? form.dataset.put : form.dataset.taken).replace("{icon}", icon));
  } catch {
    tell(form.dataset.failed);
  }
}

// Takes an icon out of the bag that is shown: the page comes back without it, and the reader stays where they were.
async function takeOut(address, body, icon) {
  const at = [...document.querySelectorAll(".put.out")].findIndex((button) => button.value === icon);
  try {
    const reply = await fetch(address, { method: "POST", body });
    if (reply.status >= 500) return tell(form.dataset.failed); // nothing that loading the page anew would mend
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const shown = page.getElementById("bag");
    if (!reply.ok || !shown) return location.reload(); // the bag or the icon is gone, or whose it is has changed
    document.getElementById("bag").replaceWith(shown);
    const left = document.querySelectorAll(".put.out");
    (left[Math.min(at, left.length - 1)] ?? document.getElementById("main")).focus();
    tell(form.dataset.taken.replace("{icon}", icon));
    await refresh();
  } catch {
    tell(form.dataset.failed);
  }
}

// One change at a time: the first one may be what begins this visitor's bag.
let queue = Promise.resolve();
function enqueue(change) {
  queue = queue.then(change).catch(() => null); // the next one has its turn all the same
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const out = button?.matches(".put.out");
  if (event.target !== form && !out) return;
  event.preventDefault();
  if (!out) enqueue(() => toggle(button.value));
  else {
    const body = new FormData(event.target, button); // now: the page may have changed when its turn comes
    enqueue(() => takeOut(event.target.action, body, button.value));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "b" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.target.closest(".tile")?.querySelector(".put")?.click();
});

const copy = document.getElementById("copy-address");
if (copy) {
  const address = document.getElementById("address");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    if (await copied(address.value)) tell(copy.dataset.copied);
    else address.select(); // for the reader to copy
  });
}

// Tiles that come while somebody types or scrolls.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) mark(node);
  }
}).observe(document.getElementById("main"), { childList: true, subtree: true });

// A page that comes back from the browser's memory, or that was left for another tab, may tell what was.
const [navigation] = performance.getEntriesByType("navigation");
if (!count.hidden || navigation?.type === "back_forward") enqueue(refresh);
else mark(document);
addEventListener("pageshow", (event) => { if (event.persisted) enqueue(refresh); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) enqueue(refresh); });
