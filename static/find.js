// The search by picture. A picture may be pasted, dropped, chosen or drawn; what it finds appears on the same page,
// at an address of its own. On other pages a pasted or dropped picture leads to its search.
// Without this script, the forms and links of the page do the same work.
import { cropBox } from "./crop.js";
import { leadTo, onGiven } from "./given.js";
import { asker } from "./part.js";
import { FAILED } from "./tell.js";

const START = "/";
const SEEN = 100; // px of the results from which on one sees that they change
const root = document.getElementById("find");
const found = document.getElementById("found");
const problems = document.getElementById("problems");
const said = document.getElementById("said");
const sketch = document.getElementById("sketch");
const { ask, stop } = asker(root, () => complain(FAILED));
let drawing = null; // what is being drawn, while it has no address
let asking = null; // what is searched for, until its answer is here: filters that change meanwhile go with it
let at = location.pathname + location.search;
let waiting = 0;

function narrow() {
  return document.getElementById("narrow");
}

// The fields that are filled in, as a form would send them.
function fields() {
  const form = narrow();
  const filled = form ? [...new FormData(form)].filter(([, value]) => value) : [];
  return new URLSearchParams(filled);
}

function goTo(address, how = "replaceState", state = history.state) {
  const url = new URL(address, location.href);
  url.searchParams.delete("part");
  history[how](state, "", url);
  at = url.pathname + url.search;
}

// A sentence in place of an answer; where nothing is found yet, the start page is as it was.
function tell(told) {
  problems.replaceChildren(told);
  if (!found.firstElementChild && sketch.hidden) root.classList.remove("answered");
}

function complain(sentence) {
  const told = Object.assign(document.createElement("p"), { className: "errors", textContent: sentence });
  told.setAttribute("role", "alert");
  tell(told);
}

// What an answer says is wrong: the server's own sentence, where it is one of ours.
function complainOf(text) {
  const told = new DOMParser().parseFromString(text, "text/html").querySelector("[role=alert]");
  if (told) tell(told);
  else complain(FAILED);
}

// The tiles of the answer, each as what takes the focus.
function tiles() {
  return [...found.querySelectorAll(".hits .tile > a")];
}

function show(part, text) {
  const place = part === "found" ? found : document.getElementById("results");
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const before = tiles();
  const at = before.indexOf(focused?.closest(".tile")?.querySelector("a"));
  place.innerHTML = text; // our own template, in which everything is escaped
  // Nobody who walks over the icons is thrown off them; “Show more” leads to the first one more.
  if (focused) (tiles()[at < 0 ? before.length : at] ?? tiles().at(-1))?.focus({ preventScroll: true });
  problems.replaceChildren();
  if (part === "found") wire();
  const verdict = found.querySelector(".verdict, .reason")?.textContent ?? "";
  const first = found.querySelector(".hits .tile")?.innerText.replace(/\s+/g, " ") ?? "";
  said.textContent = `${verdict}: ${first}`;
}

// Search for the picture in a file. A draft is answered without being kept.
export async function searchFor(file, { draft = false, drawn = false } = {}) {
  if (!root) return leadTo(file, START);
  clearTimeout(waiting); // it would ask about the picture before
  const body = new FormData();
  for (const [name, value] of fields()) if (name !== "crop") body.append(name, value);
  body.append("image", file);
  if (draft) body.append("draft", "1");
  const beside = drawn && !found.querySelector(".stage") ? found.querySelector(".found") : null; // of this drawing
  const part = beside ? "results" : "found";
  drawing = drawn ? file : null;
  asking = [file, { draft, drawn }];
  if (!drawn) root.dispatchEvent(new Event("asked"));
  root.classList.add("answered"); // now, when somebody acts, so that nothing moves by itself later
  const got = await ask(`${START}?part=${part}`, { method: "POST", body });
  if (!got) return;
  asking = null;
  if (!got.reply.ok) return complainOf(got.text);
  show(part, got.text);
  if (drawn) found.querySelector(".stage")?.remove(); // the sheet shows it
  else root.dispatchEvent(new Event("answered"));
  if (draft) return;
  goTo(got.reply.url, drawn && history.state?.drawn ? "replaceState" : "pushState", { drawn });
  if (beside) beside.dataset.address = new URL(got.reply.url).pathname;
}

// Nothing is drawn any more: nothing is found, and the filters stay for what is drawn next.
export function forget() {
  if (!drawing) return;
  clearTimeout(waiting);
  stop();
  asking = drawing = null;
  problems.replaceChildren();
  if (!found.firstElementChild || found.querySelector(".stage")) return; // nothing yet, or of another picture
  document.getElementById("results").replaceChildren();
  found.querySelector(".found").dataset.address = "";
  goTo(START);
}

// Ask again with what the filters and the crop box say now.
async function refresh(changes = {}) {
  if (asking) return searchFor(...asking);
  const { address } = found.querySelector(".found").dataset;
  if (!address) return drawing && searchFor(drawing, { draft: true, drawn: true });
  const query = fields();
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  goTo(`${address}${query.size ? "?" : ""}${query}`);
  query.set("part", "results");
  const got = await ask(`${address}?${query}`);
  if (got?.reply.status === 404) location.reload(); // the picture is no longer kept, and the page says so
  else if (got && (got.reply.ok || got.reply.status === 400)) show("results", got.text); // a 400 says what is wrong
  else if (got) complain(FAILED);
}

function refreshSoon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, milliseconds);
}

// On a narrow screen results may be out of sight of what they answer.
function reveal(results) {
  if (innerHeight - results.getBoundingClientRect().top > SEEN) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  results.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
}

// What comes with the picture: the crop box, the outlined icons, the filters.
function wire() {
  const frame = document.getElementById("frame");
  const form = narrow();
  if (frame) {
    const whole = document.getElementById("whole");
    const box = cropBox(frame, (crop) => {
      form.elements.crop.value = crop;
      whole.hidden = !crop;
      for (const link of frame.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
      refreshSoon(80); // ms
    });
    whole.addEventListener("click", () => box.set(""));
    frame.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      box.set(link.dataset.crop);
      link.setAttribute("aria-current", "true");
      if (event.detail) reveal(document.getElementById("results")); // by key, the focus would be out of sight
    });
  }
  document.getElementById("narrower").addEventListener("click", (event) => {
    event.target.setAttribute("aria-expanded", String(form.classList.toggle("open"))); // on a narrow screen
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refreshSoon(0);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "search") refreshSoon(0); // that has been heard while it was typed
  });
  form.elements.words.addEventListener("input", () => refreshSoon(150));
  form.querySelector(".sift")?.addEventListener("input", (event) => {
    event.stopPropagation();
    const text = event.target.value.trim().toLowerCase();
    for (const label of event.target.parentElement.querySelectorAll("label")) {
      label.hidden = !label.textContent.toLowerCase().includes(text);
    }
  });
}

onGiven((file) => {
  if (file) searchFor(file);
  else if (root) complain(root.dataset.noPicture);
});

if (root) {
  for (const field of root.querySelectorAll("#ask input[type=file]")) {
    field.addEventListener("change", () => {
      if (field.files.length) searchFor(field.files[0]);
      field.value = ""; // so that the same file may be chosen again
    });
  }
  root.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (!more) return;
    event.preventDefault();
    refresh({ limit: new URL(more.href).searchParams.get("limit") });
  });
  window.addEventListener("popstate", () => {
    if (location.pathname + location.search !== at) location.reload();
  });
  if (found.firstElementChild) wire();
}
