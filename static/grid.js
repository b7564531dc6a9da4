// The keys of every grid of icons: arrows, Home and End walk, “c” copies, Esc goes back to the field of words.
import { copied } from "./clipboard.js";
import { tell } from "./tell.js";

const texts = document.querySelector("script[data-not-copied]").dataset;

function itemOf(target) {
  return target.closest(".grid > li");
}

function near(item, key) {
  const items = [...item.parentElement.children];
  const columns = getComputedStyle(item.parentElement).gridTemplateColumns.split(" ").length;
  const at = items.indexOf(item);
  const row = at - (at % columns);
  const last = items.length - 1;
  const place = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns > last && row + columns <= last ? last : at + columns,
    Home: row,
    End: Math.min(row + columns - 1, last),
  }[key];
  return items[place];
}

async function copy(item) {
  try {
    const reply = await fetch(item.querySelector("img").src);
    tell(reply.ok && await copied(await reply.text()) ? texts.copied : texts.notCopied);
  } catch {
    tell(texts.notCopied);
  }
}

function inGrid(event, item) {
  if (event.key === "c") {
    copy(item);
  } else if (event.key === "Escape") {
    (document.querySelector("main input[type=search]") ?? document.getElementById("q")).focus();
  } else if (/^(Arrow|Home|End)/.test(event.key)) {
    near(item, event.key)?.querySelector("a")?.focus(); // none while a tile is fetched
  } else {
    return;
  }
  event.preventDefault();
}

function inField(event, field) {
  if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.key === "ArrowDown") {
    const first = document.querySelector(".grid > li a");
    if (!first) return;
    event.preventDefault();
    first.focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const item = event.target.matches("a, button") && itemOf(event.target);
  if (item) inGrid(event, item);
  else if (event.target.matches("input[type=search]")) inField(event, event.target);
});
