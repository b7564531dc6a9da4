// Shows what an outline on the picture is called while it is hovered or focused.
export function nameOutlines(frame) {
  const label = document.createElement("span");
  label.className = "outline-name";
  label.setAttribute("aria-hidden", "true"); // the link has the name, too
  label.hidden = true;
  frame.append(label);

  function show(event) {
    const link = event.target.closest(".region-outlines a");
    label.hidden = !link;
    if (!link) return;
    const [area, outline] = [frame.getBoundingClientRect(), link.getBoundingClientRect()];
    label.textContent = link.dataset.name ?? link.getAttribute("aria-label");
    label.style.top = `${outline.bottom - area.top + 4}px`;
    const room = Math.max(area.width - label.offsetWidth, 0); // the label stays within the picture if it fits
    label.style.left = `${Math.min(Math.max(outline.left - area.left, 0), room)}px`;
  }
  const hide = () => { label.hidden = true; };
  frame.addEventListener("pointerover", show);
  frame.addEventListener("pointerleave", hide);
  frame.addEventListener("focusin", show);
  frame.addEventListener("focusout", hide);
}
