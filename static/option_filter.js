// A field .option-filter above a long list of choices shows those that have the text in them.
document.addEventListener("input", (event) => {
  if (!event.target.matches(".option-filter")) return;
  const text = event.target.value.trim().toLowerCase();
  for (const label of event.target.parentElement.querySelectorAll("label")) {
    label.hidden = !label.textContent.toLowerCase().includes(text);
  }
});
