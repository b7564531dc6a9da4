// The keys of every grid of icons: arrows, Home and End move, “c” copies, Escape goes back to the search field.
import { copyIcon } from "./tile_copy.js";

function itemAround(element) {
  return element.closest(".grid > li");
}

// Returns the item that a key leads to from `item`, or undefined at the edges of the grid.
function neighbour(item, key) {
  const items = [...item.parentElement.children];
  const columns = getComputedStyle(item.parentElement).gridTemplateColumns.split(" ").length;
  const index = items.indexOf(item);
  const rowStart = index - (index % columns);
  const last = items.length - 1;
  const target = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns > last && rowStart + columns <= last ? last : index + columns,
    Home: rowStart,
    End: Math.min(rowStart + columns - 1, last),
  }[key];
  return items[target];
}

function handleKeyOnItem(event, item) {
  if (event.key === "c") {
    copyIcon(item.querySelector("a"));
  } else if (event.key === "Escape") {
    (item.closest("main")?.querySelector("input[type=search]:not(.option-filter)") ?? document.getElementById("q")).focus();
  } else if (/^(Arrow|Home|End)/.test(event.key)) {
    neighbour(item, event.key)?.querySelector("a")?.focus(); // a tile that is still being fetched has no link
  } else {
    return;
  }
  event.preventDefault();
}

function handleKeyInField(event, field) {
  if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.key === "ArrowDown") {
    const firstLink = document.querySelector(".grid > li a");
    if (!firstLink) return;
    event.preventDefault();
    firstLink.focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const item = event.target.matches("a, button") && itemAround(event.target);
  if (item) handleKeyOnItem(event, item);
  else if (event.target.matches("input[type=search]")) handleKeyInField(event, event.target);
});
