// Whether what is typed or pasted belongs to a field, so that no key of the page may take it.
const WITHOUT_TEXT = "[type=checkbox], [type=radio], [type=file], [type=color], [type=range]";

export function typing(target) {
  const field = target instanceof Element ? target.closest("input, textarea, select, [contenteditable]") : null;
  return field !== null && !field.matches(WITHOUT_TEXT);
}
