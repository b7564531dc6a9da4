// The search by picture. A picture can be pasted, dropped, chosen or drawn; the answer appears on the same page, which
// then has an address of its own. On other pages, a pasted or dropped picture leads to the search page.
// Without this script, the forms and links of the page do the same work.
import "./option_filter.js";
import { addCropBox } from "./crop_box.js";
import { latestRequest } from "./page_fragment.js";
import { listenForPictures, submitPicture } from "./pasted_picture.js";
import * as pending from "./pending_picture.js";
import { nameOutlines } from "./outline_names.js";
import { offerRetry, UNREACHABLE } from "./status_message.js";

const START_PAGE = "/";
const VISIBLE_HEIGHT = 100; // px; if less of the results is in view, a change of them is not noticed
const TYPING_PAUSE = 150; // ms, about the time between two keys of somebody who types
const DRAG_PAUSE = 80; // ms; a crop box that is dragged changes all the time
const OF_ONE_PICTURE = new Set(["crop", "sketch"]); // fields that say something about a picture, not about the icons wanted
const root = document.getElementById("picture-search");
const answer = document.getElementById("answer");
const errors = document.getElementById("search-errors");
const announcer = document.getElementById("announcer"); // screen readers read out what it holds
const sketch = document.getElementById("sketch");
const { request, cancel } = latestRequest(root, () => showError(UNREACHABLE), (retry) =>
  pending.isPending() ? pending.offerRetry(retry) : offerRetry(retry));
let unsavedDrawing = null; // the file of a drawing, as long as it has no address
let pendingSearch = null; // the arguments of the search under way; filters that change meanwhile search again with them
let currentAddress = location.pathname + location.search;
let refreshTimer = 0;
let chooseCrop = null; // sets the crop box of the picture
let othersAreStale = false; // whether the filters have changed since the other icons on the picture were found

function filterForm() {
  return document.getElementById("filters");
}

// Returns the fields that are filled in, as the form would send them.
function filledFields() {
  const form = filterForm();
  const fields = form ? [...new FormData(form)].filter(([, value]) => value) : [];
  return new URLSearchParams(fields);
}

// Gives the page an address; `method` is one of the history object.
function setAddress(address, method = "replaceState", state = history.state) {
  const url = new URL(address, location.href);
  url.searchParams.delete("part");
  history[method](state, "", url);
  currentAddress = url.pathname + url.search;
}

// Shows an element with an error. If there is no answer yet, the start page looks as it did before the search.
function showErrorElement(element) {
  errors.replaceChildren(element);
  showPageAsBefore();
}

function showPageAsBefore() {
  pending.hidePending();
  if (!answer.firstElementChild && sketch.hidden) root.classList.remove("answered");
}

function showError(sentence) {
  const element = Object.assign(document.createElement("p"), { className: "errors", textContent: sentence });
  element.setAttribute("role", "alert");
  showErrorElement(element);
}

// Shows the error in an HTML response of this site. If another server has sent it, it holds none of our sentences.
function showErrorIn(html) {
  const element = new DOMParser().parseFromString(html, "text/html").querySelector("[role=alert]");
  if (element) showErrorElement(element);
  else showError(UNREACHABLE);
}

// Returns the links of the matching tiles, which are what can have the focus.
function matchLinks() {
  return [...answer.querySelectorAll(".matches .tile > a")];
}

// Replaces the answer, or only its results, by new HTML. The focus stays on the tile at its place; from “Show more” it
// goes to the first tile that was added, from anything else to the first one.
function replacePart(part, html) {
  const container = part === "answer" ? answer : document.getElementById("results");
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const isMoreLink = focused?.matches("[data-more]") ?? false;
  const linksBefore = matchLinks();
  const index = linksBefore.indexOf(focused?.closest(".tile")?.querySelector("a"));
  const shownAddress = part === "answer" && pending.isPending() ? pending.shownAddress() : null;
  container.innerHTML = html; // it comes from our own template, in which every text is escaped
  if (shownAddress) document.getElementById("picture").src = shownAddress; // so that it does not vanish for a moment
  pending.hidePending();
  if (focused) {
    const links = matchLinks();
    const firstAdded = isMoreLink ? linksBefore.length : 0;
    (links[index < 0 ? firstAdded : index] ?? links.at(-1))?.focus({ preventScroll: true });
  }
  errors.replaceChildren();
  if (part === "answer") listenToAnswer();
  markChosen(filterForm().elements.crop?.value);
  const verdict = answer.querySelector(".verdict, .notice")?.textContent ?? "";
  const firstMatch = answer.querySelector(".matches .tile")?.innerText.replace(/\s+/g, " ") ?? "";
  announcer.textContent = `${verdict}: ${firstMatch}`;
}

// Searches for the picture in a file. `isDraft` says not to keep it, `isDrawing` that it comes from the sheet of the
// page, `isSketch` that it was drawn by hand elsewhere.
export async function searchFor(file, { isDraft = false, isDrawing = false, isSketch = false } = {}) {
  if (!root) return submitPicture(file, START_PAGE);
  clearTimeout(refreshTimer); // it would search for the picture before this one
  const body = new FormData();
  for (const [name, value] of filledFields()) if (!OF_ONE_PICTURE.has(name)) body.append(name, value);
  body.append("image", file);
  if (isDraft) body.append("draft", "1");
  if (isDrawing || isSketch) body.append("sketch", "1");
  // While somebody draws, the filters beside the results stay, and only the results are replaced.
  const isAnswerToDrawing = isDrawing && !answer.querySelector(".query-picture");
  const drawingAnswer = isAnswerToDrawing ? answer.querySelector(".picture-answer") : null;
  const part = drawingAnswer ? "results" : "answer";
  unsavedDrawing = isDrawing ? file : null;
  pendingSearch = [file, { isDraft, isDrawing, isSketch }];
  if (isDrawing) pending.hidePending();
  else pending.showPending(file);
  if (!isDrawing) root.dispatchEvent(new Event("picture-search-started"));
  root.classList.add("answered"); // right after the person has acted, so that nothing moves by itself later
  const reply = await request(`${START_PAGE}?part=${part}`, { method: "POST", body });
  if (!reply) return;
  pendingSearch = null;
  const { response, text } = reply;
  if (!response.ok) return showErrorIn(text);
  replacePart(part, text);
  if (isDrawing) answer.querySelector(".query-picture")?.remove(); // the sketch shows it already
  else root.dispatchEvent(new Event("picture-search-answered"));
  if (isDraft) return;
  setAddress(response.url, isDrawing && history.state?.isDrawing ? "replaceState" : "pushState", { isDrawing });
  if (drawingAnswer) drawingAnswer.dataset.address = new URL(response.url).pathname;
}

// Searches for the picture that is on a button.
export async function searchForExample(button) {
  const response = await fetch(button.querySelector("img").src).catch(() => null);
  if (!response?.ok) return showError(UNREACHABLE);
  searchFor(await response.blob(), { isSketch: "sketch" in button.dataset });
}

// Ends the search for a picture; the page is as it was before.
function cancelSearch() {
  cancel();
  pendingSearch = null;
  showPageAsBefore();
  document.getElementById("main").focus();
}

// Empties the results after a drawing was wiped. The filters stay for the next drawing.
export function forgetDrawing() {
  if (!unsavedDrawing) return;
  clearTimeout(refreshTimer);
  cancel();
  pendingSearch = null;
  unsavedDrawing = null;
  errors.replaceChildren();
  if (!answer.firstElementChild || answer.querySelector(".query-picture")) return; // no answer yet, or one to a picture
  document.getElementById("results").replaceChildren();
  answer.querySelector(".picture-answer").dataset.address = "";
  setAddress(START_PAGE);
}

// Marks those links to a part of the picture that lead to the part that is searched for; it is none for the whole.
function markChosen(crop) {
  if (!crop) return;
  for (const link of answer.querySelectorAll("[data-crop]")) {
    if (link.dataset.crop === crop) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// Searches for the same picture with what the filters and the crop box say now; `changes` are further parameters.
// After a change of the crop alone, the other icons on the picture stay on show as they are.
async function refreshResults(changes = {}) {
  if (pendingSearch) return searchFor(...pendingSearch);
  const { address } = answer.querySelector(".picture-answer").dataset;
  if (!address) return unsavedDrawing && searchFor(unsavedDrawing, { isDraft: true, isDrawing: true });
  const query = filledFields();
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  setAddress(`${address}${query.size ? "?" : ""}${query}`);
  query.set("part", "results");
  const others = query.get("crop") && !othersAreStale ? answer.querySelector(".on-picture") : null;
  if (query.get("crop") && othersAreStale) query.set("others", "1");
  const reply = await request(`${address}?${query}`);
  if (!reply) return;
  const { response, text } = reply;
  if (response.status === 404) return location.reload(); // the picture is no longer kept, and the page says so
  if (!response.ok && response.status !== 400) return showError(UNREACHABLE);
  replacePart("results", text); // a 400 says which filter is wrong
  if (others) document.getElementById("results").append(others);
  othersAreStale = false;
  markChosen(query.get("crop"));
}

function scheduleRefresh(milliseconds) {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(refreshResults, milliseconds);
}

function scheduleFiltering(milliseconds) {
  othersAreStale = true;
  scheduleRefresh(milliseconds);
}

// On a narrow screen the results may be out of view when a person chooses an icon on the picture.
function scrollToResults() {
  const results = document.getElementById("results");
  if (innerHeight - results.getBoundingClientRect().top > VISIBLE_HEIGHT) return;
  const prefersNoMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  results.scrollIntoView({ block: "start", behavior: prefersNoMotion ? "instant" : "smooth" });
}

function listenToPicture(frame) {
  const { crop: cropField } = filterForm().elements;
  const wholeButton = document.getElementById("whole-picture");
  const setCrop = addCropBox(frame, (crop) => {
    cropField.value = crop;
    wholeButton.hidden = !crop;
    for (const link of frame.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    scheduleRefresh(DRAG_PAUSE);
  });
  wholeButton.addEventListener("click", () => setCrop(""));
  chooseCrop = setCrop;
}

// Links to a part of the picture, on it and beside the results.
function followCropLink(event) {
  const link = event.target.closest("a[data-crop]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  chooseCrop(link.dataset.crop);
  markChosen(link.dataset.crop);
  const isPointer = event.detail > 0; // after a key, scrolling would move the focus out of view
  if (isPointer) scrollToResults();
}

function listenToFilters() {
  const form = filterForm();
  document.getElementById("filters-toggle").addEventListener("click", (event) => { // only a narrow screen shows it
    event.target.setAttribute("aria-expanded", String(form.classList.toggle("open")));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    scheduleFiltering(0);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "search") scheduleFiltering(0); // search fields are read while somebody types
  });
  form.elements.words.addEventListener("input", () => scheduleFiltering(TYPING_PAUSE));
}

function listenToAnswer() {
  const frame = document.getElementById("picture-frame");
  if (frame) {
    listenToPicture(frame);
    nameOutlines(frame);
  }
  listenToFilters();
}

listenForPictures((file) => {
  if (file) searchFor(file);
  else if (root) showError(root.dataset.noPicture);
});

if (root) {
  pending.listenForCancel(cancelSearch);
  for (const field of root.querySelectorAll("#picture-form input[type=file]")) {
    field.addEventListener("change", () => {
      if (field.files.length) searchFor(field.files[0]);
      field.value = ""; // so that the same file can be chosen again
    });
  }
  answer.addEventListener("click", followCropLink);
  root.addEventListener("click", (event) => {
    const moreLink = event.target.closest("[data-more]");
    if (!moreLink) return;
    event.preventDefault();
    refreshResults({ limit: new URL(moreLink.href).searchParams.get("limit") });
  });
  window.addEventListener("popstate", () => {
    if (location.pathname + location.search !== currentAddress) location.reload();
  });
  if (answer.firstElementChild) listenToAnswer();
}
