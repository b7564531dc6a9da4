// Follows a download that is being made, until its file is ready or it has failed. Without this script the page is
// loaded anew every few seconds.
import { showStatus } from "./status_message.js";

const INTERVAL = 1500; // ms
const isUnfinished = (section) => ["queued", "running"].includes(section.dataset.status);

async function refresh() {
  const section = document.getElementById("prepared");
  const response = await fetch(section.dataset.address, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (response?.status === 404) return location.assign(section.dataset.address); // it says that the file is deleted
  if (response?.ok) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const newSection = page.getElementById("prepared");
    const isNews = newSection.dataset.status !== section.dataset.status;
    section.replaceWith(newSection);
    if (isNews) {
      showStatus(newSection.querySelector("#prepared-sentence").textContent);
      document.querySelector("#main > [role='alert']")?.remove(); // what it said of this download has passed
    }
    if (!isUnfinished(newSection)) return null;
  }
  return setTimeout(refresh, INTERVAL);
}

setTimeout(refresh, INTERVAL);
