// Fetches a fragment of a page and puts it in place of the one before. Of several requests, only the last one counts.
import { offerRetry, showStatus, UNREACHABLE } from "./status_message.js";

// The kinds of elements in a fragment that may have the focus: the tiles of a grid, the buttons on tiles, all others.
const FOCUSABLE = [".tile > a", ".tile > .bag-button", "a, button, summary, textarea"];

const MOST_RETRIES = 4;
const LONGEST_PAUSE = 10; // seconds
const SLOW_AFTER = 10000; // ms without an answer, after which a person may try again

// Replaces the contents of `container`. The focus keeps its place: from the third tile it goes to the third new tile.
function replaceContents(container, html) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const selector = FOCUSABLE.find((candidate) => focused?.matches(candidate));
  const sameKind = () => [...container.querySelectorAll(selector)];
  const index = selector && sameKind().indexOf(focused);
  container.innerHTML = html; // it comes from our own template, in which every text is escaped
  if (selector) (sameKind()[index] ?? sameKind().at(-1))?.focus({ preventScroll: true });
}

// Fetches an address. A site that is busy or being restarted says after how many seconds to ask again, which is done.
async function patientFetch(address, init, retries = MOST_RETRIES) {
  const response = await fetch(address, init);
  const isBusy = response.status === 429 || response.status === 503;
  const pause = Number(response.headers.get("Retry-After") ?? Infinity); // seconds
  if (!isBusy || !retries || !(pause <= LONGEST_PAUSE)) return response;
  await new Promise((resolve) => setTimeout(resolve, 1000 * pause));
  return patientFetch(address, init, retries - 1);
}

// Fetches an address, and returns the response and its text. If that takes long, `onSlow` is called with a function that
// sends the request again; it may return one that is called once there is an answer. Aborting `signal` ends it all.
async function fetchText(address, init, signal, onSlow) {
  const attempt = new AbortController();
  let isRepeated = false;
  let settle = null;
  const end = () => attempt.abort();
  const retry = () => { isRepeated = true; end(); };
  const timer = setTimeout(() => { settle = onSlow(retry); }, SLOW_AFTER);
  signal.addEventListener("abort", end);
  try {
    const response = await patientFetch(address, { ...init, signal: attempt.signal });
    return { response, text: await response.text() };
  } catch (error) {
    if (!isRepeated || signal.aborted) throw error;
    return fetchText(address, init, signal, onSlow);
  } finally {
    clearTimeout(timer);
    settle?.();
    signal.removeEventListener("abort", end);
  }
}

// Returns two functions. `request` fetches an address, and cancels the request before, if that has not been answered.
// It resolves to the response and its text, or to null if it was cancelled or failed. After a failure, `onFailure` is
// called. While a request is under way, `busyElement` has the attribute aria-busy. `cancel` ends the request. A person
// is told of a request that takes long by `onSlow`, as fetchText calls it.
export function latestRequest(busyElement, onFailure, onSlow = offerRetry) {
  let controller = null;
  const cancel = () => controller?.abort();
  async function request(address, init = {}) {
    cancel();
    const ownController = new AbortController();
    controller = ownController;
    busyElement.setAttribute("aria-busy", "true");
    try {
      return await fetchText(address, init, ownController.signal, onSlow);
    } catch (error) {
      if (error.name !== "AbortError") onFailure();
      return null;
    } finally {
      if (controller === ownController) busyElement.removeAttribute("aria-busy");
    }
  }
  return { request, cancel };
}

// Returns a function that fetches an address into `container`; it resolves to whether the answer is shown.
// Answers with `refusalStatus` say what is wrong with a text that was entered. They are shown too, but not while
// somebody `isTyping`, since half a word is no mistake. If there is no answer, the status message says so.
export function fragmentLoader(container, refusalStatus = 0) {
  const { request } = latestRequest(container, () => showStatus(UNREACHABLE));
  return async (address, isTyping = false) => {
    const answer = await request(address);
    if (!answer) return false;
    const { response, text } = answer;
    const isRefusal = response.status === refusalStatus;
    if (isRefusal && isTyping) return false;
    const isShown = response.ok || isRefusal;
    if (isShown) replaceContents(container, text);
    else showStatus(UNREACHABLE);
    return isShown;
  };
}
