// A box over a picture that says which part is meant. Mouse and pen draw, move and resize it; a finger drags its
// handles; arrow keys move it, with Shift they resize it, Escape takes the whole picture.
const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const LEAST = 0.01; // of the picture
const STEP = 0.02; // of the picture, for a key
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const MEANT = 4; // px from which on a movement is one

const within = (value, low, high) => Math.min(Math.max(value, low), high);

// `changed` is called with "x,y,width,height" in fractions of the picture, or "" for the whole.
export function cropBox(frame, changed) {
  const box = document.createElement("div");
  box.className = "crop";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `${frame.dataset.label}. ${frame.dataset.help}`);
  for (const name of HANDLES) {
    const handle = document.createElement("span");
    handle.className = `handle ${name}`;
    handle.dataset.edges = name;
    box.append(handle);
  }
  frame.append(box);
  let [x, y, width, height] = [0, 0, 1, 1];

  function place() {
    Object.assign(box.style, { left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * width}%`, height: `${100 * height}%` });
    box.classList.toggle("whole", width > 0.999 && height > 0.999);
  }

  function text() {
    return box.classList.contains("whole") ? "" : [x, y, width, height].map((one) => one.toFixed(4)).join(",");
  }

  // From the edges, in any order, within the picture.
  function take(left, top, right, bottom) {
    [left, right] = [left, right].sort((a, b) => a - b).map((one) => within(one, 0, 1));
    [top, bottom] = [top, bottom].sort((a, b) => a - b).map((one) => within(one, 0, 1));
    width = Math.max(right - left, LEAST);
    height = Math.max(bottom - top, LEAST);
    x = within(left, 0, 1 - width);
    y = within(top, 0, 1 - height);
    place();
  }

  function move(left, top) {
    [x, y] = [within(left, 0, 1 - width), within(top, 0, 1 - height)];
    place();
  }

  function set(crop) {
    [x, y, width, height] = crop ? crop.split(",").map(Number) : [0, 0, 1, 1];
    place();
    changed(text());
  }

  function pointOf(event) {
    const area = frame.getBoundingClientRect();
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
  }

  // What a movement does, by where it begins: a handle resizes, the box moves, anywhere else a new box is drawn.
  function dragging(event) {
    const [startX, startY] = pointOf(event);
    const [left, top, right, bottom] = [x, y, x + width, y + height];
    const edges = event.target.dataset.edges;
    if (edges) {
      return (dx, dy) =>
        take(
          left + (edges.includes("w") ? dx : 0),
          top + (edges.includes("n") ? dy : 0),
          right + (edges.includes("e") ? dx : 0),
          bottom + (edges.includes("s") ? dy : 0),
        );
    }
    if (event.target === box) return (dx, dy) => move(left + dx, top + dy);
    return event.pointerType === "touch" ? null : (dx, dy) => take(startX, startY, startX + dx, startY + dy);
  }

  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("pointerdown", (event) => {
    const drag = event.button === 0 && event.isPrimary ? dragging(event) : null; // a second finger drags nothing
    if (!drag) return;
    const [startX, startY] = pointOf(event);
    const from = [event.clientX, event.clientY];
    let moved = false;
    const follow = (now) => {
      if (now.pointerId !== event.pointerId) return;
      if (!moved && Math.hypot(now.clientX - from[0], now.clientY - from[1]) < MEANT) return;
      if (!moved) frame.setPointerCapture(event.pointerId); // only now: a click must reach what it is on
      moved = true;
      const [pointX, pointY] = pointOf(now);
      drag(pointX - startX, pointY - startY);
      changed(text());
    };
    const end = (last) => {
      if (last.pointerId !== event.pointerId) return;
      frame.removeEventListener("pointermove", follow);
      frame.removeEventListener("pointerup", end);
      frame.removeEventListener("pointercancel", end);
      if (!moved) return;
      const swallow = (click) => { click.preventDefault(); click.stopImmediatePropagation(); };
      frame.addEventListener("click", swallow, true); // the click that ends a movement is none
      setTimeout(() => frame.removeEventListener("click", swallow, true));
    };
    frame.addEventListener("pointermove", follow);
    frame.addEventListener("pointerup", end);
    frame.addEventListener("pointercancel", end);
  });

  box.addEventListener("keydown", (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (!dx && !dy && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return set("");
    if (event.shiftKey) take(x, y, Math.max(x + width + dx, x + LEAST), Math.max(y + height + dy, y + LEAST));
    else move(x + dx, y + dy);
    changed(text());
  });

  [x, y, width, height] = frame.dataset.crop ? frame.dataset.crop.split(",").map(Number) : [0, 0, 1, 1];
  place();
  return { set };
}
