// A form with data-follow="ID": that part of the page follows what is typed and chosen in it.
const form = document.querySelector("form[data-follow]");
const part = form && document.getElementById(form.dataset.follow);
const told = document.querySelector("[data-told]"); // read out to those who do not see the page
let waiting = 0;
let request = null;

function address() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(fields).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

async function follow() {
  const shown = address();
  history.replaceState(null, "", shown);
  request?.abort(); // only the last answer counts
  request = new AbortController();
  try {
    const reply = await fetch(`${shown}${shown.includes("?") ? "&" : "?"}part`, { signal: request.signal });
    if (!reply.ok) return;
    part.innerHTML = await reply.text(); // our own template, in which every name is escaped
    told.textContent = part.querySelector("[data-tell]").textContent;
    document.dispatchEvent(new Event("followed"));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

if (part) {
  form.querySelector("button").hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 120); // ms: between two keys of somebody who types fast
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    follow();
  });
}
