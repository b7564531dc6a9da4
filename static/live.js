// Shows what goes on: the content of an admin page is fetched anew as long as the page says that something goes on.
const again = 2000; // ms

async function renew() {
  if (document.hidden) return true;
  const reply = await fetch(location.href).catch(() => null);
  if (!reply?.ok) return true;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const [now, then] = [page.getElementById("content"), document.getElementById("content")];
  if (now && !document.querySelector("#changelist-form :checked")) then.replaceWith(now); // unless somebody is choosing
  return page.querySelector("script[data-live]") !== null;
}

async function follow() {
  if (await renew()) setTimeout(follow, again);
}

setTimeout(follow, again);
