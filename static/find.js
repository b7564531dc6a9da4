// The search by picture. A picture may be pasted, dropped, chosen or drawn; what it finds appears on the same page,
// at an address of its own. On other pages a pasted or dropped picture leads to its search.
// Without this script, the forms and links of the page do the same work.
import { cropBox } from "./crop.js";

const START = "/";
const root = document.getElementById("find");
const found = document.getElementById("found");
const problems = document.getElementById("problems");
const said = document.getElementById("said");
let request = null; // only the answer of the last one counts
let drawing = null; // what is being drawn, while it has no address
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

function goTo(address, how = "replaceState") {
  const url = new URL(address, location.href);
  url.searchParams.delete("part");
  history[how](null, "", url);
  at = url.pathname + url.search;
}

async function answer(address, init = {}) {
  request?.abort();
  const own = (request = new AbortController());
  root.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(address, { ...init, signal: own.signal });
    return { reply, text: await reply.text() };
  } catch (error) {
    if (error.name !== "AbortError") complain(root.dataset.failed);
    return null;
  } finally {
    if (request === own) root.removeAttribute("aria-busy");
  }
}

function complain(sentence) {
  const told = Object.assign(document.createElement("p"), { className: "errors", textContent: sentence });
  told.setAttribute("role", "alert");
  problems.replaceChildren(told);
}

function show(part, text) {
  const place = part === "found" ? found : document.getElementById("results");
  place.innerHTML = text; // our own template, in which everything is escaped
  problems.replaceChildren();
  root.classList.add("answered");
  if (part === "found") wire();
  const verdict = found.querySelector(".verdict, .reason")?.textContent ?? "";
  const first = found.querySelector(".hits .tile")?.innerText.replace(/\s+/g, " ") ?? "";
  said.textContent = `${verdict}: ${first}`;
}

// Search for the picture in a file. A draft is answered without being kept.
export async function searchFor(file, { draft = false, drawn = false } = {}) {
  const body = new FormData();
  for (const [name, value] of fields()) if (name !== "crop") body.append(name, value);
  body.append("image", file);
  if (draft) body.append("draft", "1");
  if (!root) {
    const reply = await fetch(START, { method: "POST", body });
    location.assign(reply.ok ? reply.url : START);
    return;
  }
  const beside = found.querySelector(".found");
  const part = drawn && drawing && beside ? "results" : "found";
  drawing = drawn ? file : null;
  const got = await answer(`${START}?part=${part}`, { method: "POST", body });
  if (!got) return;
  if (got.reply.ok) {
    show(part, got.text);
    if (!draft) goTo(got.reply.url, drawn && at !== START ? "replaceState" : "pushState");
    if (!draft && part === "results") beside.dataset.address = new URL(got.reply.url).pathname;
  } else {
    problems.innerHTML = got.text;
    if (!problems.firstElementChild) complain(root.dataset.failed);
  }
}

// Ask again with what the filters and the crop box say now.
async function refresh(changes = {}) {
  const address = found.querySelector(".found").dataset.address;
  if (!address) {
    await searchFor(drawing, { draft: true, drawn: true });
    return;
  }
  const query = fields();
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  goTo(`${address}${query.size ? "?" : ""}${query}`);
  query.set("part", "results");
  const got = await answer(`${address}?${query}`);
  if (got?.reply.status === 404) location.reload(); // the picture is no longer kept, and the page says so
  else if (got) show("results", got.text);
}

function refreshSoon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, milliseconds);
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
    });
  }
  document.getElementById("narrower").addEventListener("click", (event) => {
    event.target.setAttribute("aria-expanded", String(form.classList.toggle("open"))); // on a narrow screen
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refreshSoon(0);
  });
  form.addEventListener("change", () => refreshSoon(0));
  form.elements.words.addEventListener("input", () => refreshSoon(150));
  form.querySelector(".sift")?.addEventListener("input", (event) => {
    event.stopPropagation();
    const text = event.target.value.trim().toLowerCase();
    for (const label of event.target.parentElement.querySelectorAll("label")) {
      label.hidden = !label.textContent.toLowerCase().includes(text);
    }
  });
}

// A picture in what was pasted or dropped: a file, the source of an SVG, or a data: address.
async function pictureIn(data) {
  const files = [...data.files];
  const file = files.find((one) => one.type.startsWith("image/")) ?? files[0];
  if (file) return file;
  for (const type of ["text/plain", "text/html", "text/uri-list"]) {
    const text = data.getData(type);
    const source = text.match(/<svg[\s\S]*<\/svg>/i)?.[0];
    if (source) return new File([source], "given.svg", { type: "image/svg+xml" });
    const address = text.match(/data:image\/[^\s"'<>]+/i)?.[0];
    if (address) return decoded(address);
  }
  return null;
}

function decoded(address) {
  const [, type, base64, text] = address.match(/^data:([^;,]*)[^,]*?(;base64)?,(.*)$/is) ?? [];
  try {
    const bytes = base64 ? Uint8Array.from(atob(text), (one) => one.charCodeAt(0)) : decodeURIComponent(text);
    return new File([bytes], "given", { type });
  } catch {
    return null;
  }
}

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("paste", async (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!event.clipboardData.files.length && (typing(event.target) || !/<svg[\s\S]*<\/svg>|^data:image\//i.test(text))) return;
  event.preventDefault();
  const file = await pictureIn(event.clipboardData);
  if (file) searchFor(file);
});

let ours = false; // an icon of this page that is dragged is not meant as a question
document.addEventListener("dragstart", () => { ours = true; });
document.addEventListener("dragend", () => { ours = false; });
for (const type of ["dragenter", "dragover"]) {
  document.addEventListener(type, (event) => {
    if (ours) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", async (event) => {
  document.body.classList.remove("dropping");
  if (ours) return;
  event.preventDefault();
  const file = await pictureIn(event.dataTransfer);
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
