// A part of a page that follows what is typed: only the last answer counts.

// What is returned asks an address and puts the answer into `place`; it tells whether it did. `also` is a status,
// besides those of success, whose answer is meant to be shown.
export function follower(place, also = 0) {
  let request = null;
  return async (address) => {
    request?.abort();
    request = new AbortController();
    try {
      const reply = await fetch(address, { signal: request.signal });
      if (!reply.ok && reply.status !== also) return false;
      place.innerHTML = await reply.text(); // our own template, in which every text is escaped
      return true;
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      return false;
    }
  };
}
