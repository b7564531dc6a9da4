// A box over a picture that marks the part to search for. Mouse and pen draw, move and resize it; a finger drags its
// handles; arrow keys move it, arrow keys with Shift resize it, and Escape selects the whole picture.
const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const MIN_SIDE = 0.01; // of the side of the picture
const STEP = 0.02; // of the side of the picture, for each press of a key
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const DRAG_FROM = 4; // px; a pointer that moves less than this clicks

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function parseCrop(crop) {
  return crop ? crop.split(",").map(Number) : [0, 0, 1, 1];
}

function swallowClick(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Adds the box to `frame`, and returns a function that sets it. `onChange` is called with each new crop. A crop is
// "x,y,width,height" in fractions of the picture, or "" for the whole picture.
export function addCropBox(frame, onChange) {
  const box = document.createElement("div");
  box.className = "crop-box";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `${frame.dataset.label}. ${frame.dataset.help}`);
  for (const edges of HANDLES) {
    const handle = document.createElement("span");
    handle.className = `handle ${edges}`;
    handle.dataset.edges = edges;
    box.append(handle);
  }
  frame.append(box);
  let [x, y, width, height] = [0, 0, 1, 1];

  function draw() {
    const percentages = { left: 100 * x, top: 100 * y, width: 100 * width, height: 100 * height };
    for (const [property, percentage] of Object.entries(percentages)) box.style[property] = `${percentage}%`;
    box.classList.toggle("whole", width > 0.999 && height > 0.999);
  }

  function currentCrop() {
    const isWhole = box.classList.contains("whole");
    return isWhole ? "" : [x, y, width, height].map((number) => number.toFixed(4)).join(",");
  }

  // Sets the four edges. Opposite ones may be swapped, and those outside the picture are moved into it.
  function setEdges(...edges) {
    const [left, top, right, bottom] = edges.map((edge) => clamp(edge, 0, 1));
    width = Math.max(Math.abs(right - left), MIN_SIDE);
    height = Math.max(Math.abs(bottom - top), MIN_SIDE);
    x = clamp(Math.min(left, right), 0, 1 - width);
    y = clamp(Math.min(top, bottom), 0, 1 - height);
    draw();
  }

  function moveTo(left, top) {
    [x, y] = [clamp(left, 0, 1 - width), clamp(top, 0, 1 - height)];
    draw();
  }

  function setCrop(crop) {
    [x, y, width, height] = parseCrop(crop);
    draw();
    onChange(currentCrop());
  }

  function pointOf(event) {
    const area = frame.getBoundingClientRect();
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
  }

  // Returns what a drag does, which depends on where it begins: on a handle it resizes the box, on the box it moves
  // the box, and elsewhere it draws a new box.
  function dragAction(event) {
    const [startX, startY] = pointOf(event);
    const [left, top, right, bottom] = [x, y, x + width, y + height];
    const { edges } = event.target.dataset;
    if (edges) {
      return (dx, dy) =>
        setEdges(
          left + (edges.includes("w") ? dx : 0),
          top + (edges.includes("n") ? dy : 0),
          right + (edges.includes("e") ? dx : 0),
          bottom + (edges.includes("s") ? dy : 0),
        );
    }
    if (event.target === box) return (dx, dy) => moveTo(left + dx, top + dy);
    return event.pointerType === "touch" ? null : (dx, dy) => setEdges(startX, startY, startX + dx, startY + dy);
  }

  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("pointerdown", (downEvent) => {
    const drag = downEvent.button === 0 && downEvent.isPrimary ? dragAction(downEvent) : null; // no second finger
    if (!drag) return;
    const [startX, startY] = pointOf(downEvent);
    let hasMoved = false;
    const handleMove = (event) => {
      if (event.pointerId !== downEvent.pointerId) return;
      const distance = Math.hypot(event.clientX - downEvent.clientX, event.clientY - downEvent.clientY);
      if (!hasMoved && distance < DRAG_FROM) return;
      if (!hasMoved) frame.setPointerCapture(downEvent.pointerId); // not before, since a click must reach its element
      hasMoved = true;
      const [pointX, pointY] = pointOf(event);
      drag(pointX - startX, pointY - startY);
      onChange(currentCrop());
    };
    const handleEnd = (event) => {
      if (event.pointerId !== downEvent.pointerId) return;
      frame.removeEventListener("pointermove", handleMove);
      frame.removeEventListener("pointerup", handleEnd);
      frame.removeEventListener("pointercancel", handleEnd);
      if (!hasMoved) return;
      frame.addEventListener("click", swallowClick, true); // the browser sends a click at the end of a drag
      setTimeout(() => frame.removeEventListener("click", swallowClick, true));
    };
    frame.addEventListener("pointermove", handleMove);
    frame.addEventListener("pointerup", handleEnd);
    frame.addEventListener("pointercancel", handleEnd);
  });

  box.addEventListener("keydown", (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (!dx && !dy && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setCrop("");
    if (event.shiftKey) setEdges(x, y, Math.max(x + width + dx, x + MIN_SIDE), Math.max(y + height + dy, y + MIN_SIDE));
    else moveTo(x + dx, y + dy);
    onChange(currentCrop());
  });

  [x, y, width, height] = parseCrop(frame.dataset.crop);
  draw();
  return setCrop;
}
