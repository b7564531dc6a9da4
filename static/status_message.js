// Shows for a moment what has just been done, on any page; screen readers read it out.
const message = document.getElementById("status-message");
const SHOWN_FOR = 4000; // ms
let hideTimer = 0;

export const UNREACHABLE = message.dataset.unreachable; // the sentence for a site that does not answer

export function showStatus(sentence) {
  message.textContent = sentence;
  clearTimeout(hideTimer);
  hideTimer = setTimeout(() => { message.textContent = ""; }, SHOWN_FOR);
}
