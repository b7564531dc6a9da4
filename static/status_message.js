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

// Says that the site takes long to answer, with a button that calls `retry`, until the returned function is called.
export function offerRetry(retry) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: message.dataset.retry, onclick: retry });
  clearTimeout(hideTimer);
  message.replaceChildren(`${message.dataset.slow} `, button);
  return () => { if (message.contains(button)) message.textContent = ""; };
}
