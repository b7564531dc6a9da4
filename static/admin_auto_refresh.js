// Fetches the contents of an admin page anew, as long as the page says that its import or indexing goes on.
const INTERVAL = 2000; // ms

// Resolves to whether something still goes on.
async function refresh() {
  if (document.hidden) return true;
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return true;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [newContent, oldContent] = [page.getElementById("content"), document.getElementById("content")];
  const isSelecting = document.querySelector("#changelist-form :checked") !== null; // rows for an action
  if (newContent && !isSelecting) oldContent.replaceWith(newContent);
  return page.querySelector("script[data-auto-refresh]") !== null;
}

async function refreshUntilDone() {
  if (await refresh()) setTimeout(refreshUntilDone, INTERVAL);
}

setTimeout(refreshUntilDone, INTERVAL);
