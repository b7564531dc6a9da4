// The picture that is being searched for: it is on show at once, with a button that cancels the search, and after a while
// with one that tries again.
const root = document.getElementById("picture-search");
const section = document.getElementById("pending");
const picture = document.getElementById("pending-picture");
const sentence = document.getElementById("pending-sentence");
const retryButton = document.getElementById("retry-search");
const searching = sentence?.textContent;
let address = ""; // of the picture's file, within this page
let shownFile = null;
let retrySearch = null;

// Returns the classes of a picture, as search/picture_shapes.py does.
function shapeOf(width, height) {
  const [ratios, wide] = JSON.parse(root.dataset.shapes);
  if (height > width) return "tall";
  const shape = Object.keys(ratios).find((name) => width > ratios[name] * height);
  return shape ?? (width > wide ? "wide" : "flat");
}

function layOut() {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const shape = shapeOf(width, height);
  const scale = shape.startsWith("long") ? 2 : 1;
  section.className = shape;
  picture.width = scale * width;
  picture.height = scale * height;
  picture.hidden = false;
}

// Shows the picture in a file in place of the answer before, until `hidePending` is called. Browsers cannot show some
// files that the site can read; those appear with their answer.
export function showPending(file) {
  if (file === shownFile && isPending()) return;
  shownFile = file;
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  picture.hidden = true;
  picture.src = address;
  sentence.textContent = searching;
  retryButton.hidden = true;
  section.hidden = false;
  root.classList.add("pending");
}

export function hidePending() {
  section.hidden = true;
  root.classList.remove("pending");
}

export function isPending() {
  return section !== null && !section.hidden;
}

// Says that the answer takes long, and offers to call `retry`.
export function offerRetry(retry) {
  sentence.textContent = sentence.dataset.slow;
  retryButton.hidden = false;
  retrySearch = retry;
}

export function listenForCancel(onCancel) {
  document.getElementById("cancel-search").addEventListener("click", onCancel);
}

// Returns the address of the picture as this page already has it; null if the browser cannot show its file.
export function shownAddress() {
  return picture.hidden ? null : address;
}

picture?.addEventListener("load", layOut);
retryButton?.addEventListener("click", () => {
  sentence.textContent = searching;
  retryButton.hidden = true;
  retrySearch();
});
