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

// What is returned asks an address and puts the answer into `place`; it resolves to whether it did. `refusal` is the
// status of answers that say what is wrong with what was typed: they are left out while it is being `typed`.
// That there is no answer is told.
export function follower(place, refusal = 0) {
  let request = null;
  return async (address, typed = false) => {
    request?.abort();
    const own = (request = new AbortController());
    place.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(address, { signal: own.signal });
      const text = await reply.text();
      const refused = reply.status === refusal;
      if (refused && typed) return false;
      if (reply.ok || refused) replace(place, text);
      else tell(FAILED);
      return reply.ok || refused;
    } catch (error) {
      if (error.name !== "AbortError") tell(FAILED);
      return false;
    } finally {
      if (request === own) place.removeAttribute("aria-busy");
    }
  };
}
