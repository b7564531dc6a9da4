// Tells in a few words, on any page and to screen readers, what has just been done.
const told = document.getElementById("told");
const SHOWN = 4000; // ms
let hiding = 0;

export const FAILED = told.dataset.failed; // the site does not answer

export function tell(sentence) {
  told.textContent = sentence;
  clearTimeout(hiding);
  hiding = setTimeout(() => { told.textContent = ""; }, SHOWN);
}
