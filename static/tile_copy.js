// Copies the icon of a tile in the format that was used last: with a button that comes up under the pointer, or the key “c”.
import { copyText } from "./clipboard.js";
import { copyFormat } from "./remembered.js";
import { showStatus } from "./status_message.js";

const texts = document.querySelector("script[data-not-copied]").dataset;
const button = document.createElement("button");
Object.assign(button, { type: "button", className: "copy-button", title: texts.copy });

// Copies the icon that a link leads to, in the look that the link asks for.
export async function copyIcon(link) {
  try {
    const address = new URL(link.href);
    address.searchParams.set("code", copyFormat());
    const response = await fetch(address);
    const { format, text } = await response.json();
    showStatus(response.ok && await copyText(text) ? texts.copied.replace("{format}", format) : texts.notCopied);
  } catch {
    showStatus(texts.notCopied);
  }
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch" || document.activeElement === button) return;
  const tile = event.target instanceof Element ? event.target.closest(".tile") : null;
  const link = tile?.querySelector(":scope > a");
  if (!link || tile.contains(button)) return;
  button.setAttribute("aria-label", texts.copyIcon.replace("{icon}", tile.dataset.icon));
  link.after(button);
});
button.addEventListener("click", async () => {
  await copyIcon(button.parentElement.querySelector(":scope > a"));
  button.blur();
});
