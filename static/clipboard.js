// Copies a text; resolves to whether that worked.
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea"); // plain http on another host has no clipboard interface
    field.value = text;
    const { activeElement } = document;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    activeElement.focus();
    return done;
  }
}
