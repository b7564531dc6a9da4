// Copies a text to the clipboard; resolves to whether that worked.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea"); // over plain http, only localhost has the clipboard interface
    field.value = text;
    const { activeElement } = document;
    document.body.append(field);
    field.select();
    const worked = document.execCommand("copy");
    field.remove();
    activeElement.focus();
    return worked;
  }
}
