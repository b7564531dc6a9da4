// A part of a page that follows what is typed: only the last answer counts.
import { FAILED, tell } from "./tell.js";

// What may have the focus in a part, by kind: the tiles of a grid, the buttons on them, anything else.
const KINDS = [".tile > a", ".tile > .put", "a, button, summary, textarea"];

// Who is on one of these is then on what is in its place among its like.
function replace(place, text) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const kind = KINDS.find((one) => focused?.matches(one));
  const all = () => [...place.querySelectorAll(kind)];
  const at = kind && all().indexOf(focused);
  place.innerHTML = text; // our own template, in which every text is escaped
  if (kind) (all()[at] ?? all().at(-1))?.focus({ preventScroll: true });
}

// Asks addresses, of which only the last one counts; `busy` is marked while one is waited for. `ask` resolves to the
// reply and its text, or to null: another one came after it, it was stopped, or it failed, after a call of `failed`.
export function asker(busy, failed) {
  let request = null;
  const stop = () => request?.abort();
  async function ask(address, init = {}) {
    stop();
    const own = (request = new AbortController());
    busy.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(address, { ...init, signal: own.signal });
      return { reply, text: await reply.text() };
    } catch (error) {
      if (error.name !== "AbortError") failed();
      return null;
    } finally {
      if (request === own) busy.removeAttribute("aria-busy");
    }
  }
  return { ask, stop };
}

// What is returned asks an address and puts the answer into `place`; it resolves to whether it did. `refusal` is the
// status of answers that say what is wrong with what was typed: they are left out while it is being `typed`.
// That there is no answer is told.
export function follower(place, refusal = 0) {
  const { ask } = asker(place, () => tell(FAILED));
  return async (address, typed = false) => {
    const got = await ask(address);
    if (!got) return false;
    const refused = got.reply.status === refusal;
    if (refused && typed) return false;
    const shown = got.reply.ok || refused;
    if (shown) replace(place, got.text);
    else tell(FAILED);
    return shown;
  };
}
