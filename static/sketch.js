// A sheet to draw an icon on. Each draft is searched for while somebody draws; after a pause the drawing is kept.
import { forgetDrawing, searchFor } from "./picture_search.js";
import { inTextField } from "./text_fields.js";

const root = document.getElementById("picture-search");
const sheet = document.getElementById("sketch");
const canvas = document.getElementById("sketch-canvas");
const penWidth = document.getElementById("pen-width");
const toggleButton = document.getElementById("sketch-toggle");
const context = canvas.getContext("2d");
const DRAFT_INTERVAL = 400; // ms between two searches while somebody draws
const KEEP_AFTER = 1200; // ms without a stroke, after which the drawing is kept and gets an address
let strokes = []; // each has a width and points
let past = []; // the strokes before each change that can be taken back
let future = []; // those after each change that was taken back
let currentStroke = null;
let draftTimer = 0;
let keepTimer = 0;

function paint() {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#000";
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { width, points } of strokes) {
    context.lineWidth = width;
    context.beginPath();
    const [x, y] = points[0];
    context.moveTo(x, y + 0.01); // a dot is a line of no length, which the canvas would not draw
    for (const point of points) context.lineTo(...point);
    context.stroke();
  }
}

async function searchForDrawing(isDraft) {
  const image = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!strokes.length) return;
  await searchFor(new File([image], "drawing.png", { type: "image/png" }), { isDraft, isDrawing: true });
}

function stopTimers() {
  clearTimeout(draftTimer);
  clearTimeout(keepTimer);
  draftTimer = 0;
}

function handleChange() {
  paint();
  if (!strokes.length) {
    stopTimers();
    forgetDrawing();
    return;
  }
  draftTimer ||= setTimeout(async () => {
    await searchForDrawing(true);
    draftTimer = 0;
  }, DRAFT_INTERVAL);
  clearTimeout(keepTimer);
  keepTimer = setTimeout(() => {
    clearTimeout(draftTimer);
    draftTimer = 0;
    if (!currentStroke) searchForDrawing(false);
  }, KEEP_AFTER);
}

function pointOf(event) {
  const area = canvas.getBoundingClientRect();
  const x = ((event.clientX - area.left) / area.width) * canvas.width;
  const y = ((event.clientY - area.top) / area.height) * canvas.height;
  return [x, y];
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return; // a second finger draws nothing
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  currentStroke = { width: Number(penWidth.value), points: [pointOf(event)] };
  change([...strokes, currentStroke]);
});
canvas.addEventListener("pointermove", (event) => {
  if (!currentStroke || !event.isPrimary) return;
  for (const move of event.getCoalescedEvents?.() ?? [event]) currentStroke.points.push(pointOf(move));
  handleChange();
});
for (const type of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(type, (event) => {
    if (!currentStroke || !event.isPrimary) return;
    currentStroke = null;
    handleChange();
  });
}
function change(newStrokes) {
  past.push(strokes);
  future = [];
  strokes = newStrokes;
  handleChange();
}

// Takes the strokes from one stack of states and puts those that are there onto the other.
function step(from, to) {
  if (!from.length || currentStroke) return;
  to.push(strokes);
  strokes = from.pop();
  handleChange();
}

function undo() {
  step(past, future);
}

function redo() {
  step(future, past);
}

document.getElementById("undo-stroke").addEventListener("click", undo);
document.getElementById("redo-stroke").addEventListener("click", redo);
document.getElementById("clear-sketch").addEventListener("click", () => {
  if (strokes.length) change([]);
});
document.addEventListener("keydown", (event) => {
  if (sheet.hidden || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (inTextField(event.target) && event.target !== penWidth) return; // a field takes back what was typed in it
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
});

function showSheet(isShown) {
  sheet.hidden = !isShown;
  toggleButton.setAttribute("aria-expanded", String(isShown));
}

toggleButton.addEventListener("click", () => {
  showSheet(sheet.hidden);
  root.classList.add("answered"); // at once, so that nothing moves under the pen later
});
// When another picture is searched for, the drawing must not interrupt that search, and its sheet is closed afterwards.
root.addEventListener("picture-search-started", stopTimers);
root.addEventListener("picture-search-answered", () => {
  strokes = [];
  past = [];
  future = [];
  currentStroke = null;
  paint();
  showSheet(false);
});
paint();
