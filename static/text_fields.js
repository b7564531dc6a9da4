// Text fields keep the keys that are typed and the text that is pasted in them: no shortcut of a page takes those.
const WITHOUT_TEXT = "[type=checkbox], [type=radio], [type=file], [type=color], [type=range]";

// Returns whether the target of an event is, or lies in, a field that takes text.
export function inTextField(target) {
  const field = target instanceof Element ? target.closest("input, textarea, select, [contenteditable]") : null;
  return field !== null && !field.matches(WITHOUT_TEXT);
}
