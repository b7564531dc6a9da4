// A sheet to draw an icon on. What it looks like is found while it is drawn; once the pen rests, it has an address.
import { forget, searchFor } from "./find.js";

const root = document.getElementById("find");
const sheet = document.getElementById("sketch");
const canvas = document.getElementById("canvas");
const pen = document.getElementById("pen");
const toggle = document.getElementById("draw");
const context = canvas.getContext("2d");
const BETWEEN = 400; // ms between two searches while somebody draws
const RESTED = 1200; // ms after which a drawing is kept
let strokes = []; // each a width and points, so that one can be undone
let current = null;
let soon = 0;
let later = 0;

function paint() {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#000";
  context.lineCap = context.lineJoin = "round";
  for (const { width, points } of strokes) {
    context.lineWidth = width;
    context.beginPath();
    const [x, y] = points[0];
    context.moveTo(x, y + 0.01); // a line of no length, as a dot is, would not be drawn
    for (const point of points) context.lineTo(...point);
    context.stroke();
  }
}

async function find(draft) {
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (strokes.length) await searchFor(new File([drawn], "drawing.png", { type: "image/png" }), { draft, drawn: true });
}

function rest() {
  clearTimeout(soon);
  clearTimeout(later);
  soon = 0;
}

function changed() {
  paint();
  if (!strokes.length) {
    rest();
    return forget();
  }
  soon ||= setTimeout(async () => {
    await find(true);
    soon = 0;
  }, BETWEEN);
  clearTimeout(later);
  later = setTimeout(() => {
    clearTimeout(soon);
    soon = 0;
    if (!current) find(false);
  }, RESTED);
}

function pointOf(event) {
  const area = canvas.getBoundingClientRect();
  return [((event.clientX - area.left) / area.width) * canvas.width, ((event.clientY - area.top) / area.height) * canvas.height];
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return; // a second finger draws nothing
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  current = { width: Number(pen.value), points: [pointOf(event)] };
  strokes.push(current);
  changed();
});
canvas.addEventListener("pointermove", (event) => {
  if (!current || !event.isPrimary) return;
  for (const one of event.getCoalescedEvents?.() ?? [event]) current.points.push(pointOf(one));
  changed();
});
for (const type of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(type, (event) => {
    if (!current || !event.isPrimary) return;
    current = null;
    changed();
  });
}
document.getElementById("undo").addEventListener("click", () => {
  strokes.pop();
  changed();
});
document.getElementById("wipe").addEventListener("click", () => {
  strokes = [];
  changed();
});
function open(wanted) {
  sheet.hidden = !wanted;
  toggle.setAttribute("aria-expanded", String(wanted));
}

toggle.addEventListener("click", () => {
  open(sheet.hidden);
  root.classList.add("answered"); // now, so that nothing moves under the pen later
});
// Another picture is searched for: a drawing is not to interrupt it, nor to stand beside what it finds.
root.addEventListener("asked", rest);
root.addEventListener("answered", () => {
  strokes = [];
  current = null;
  paint();
  open(false);
});
paint();
