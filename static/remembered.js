// What this browser remembers of a visitor: nothing is lost where it may not store anything.
function withStorage(name, use) {
  try {
    return use(window[name]);
  } catch {
    return null; // storing is forbidden, or the store is full
  }
}

// The format in which icons are copied; it is remembered until another one is used.
export function copyFormat() {
  return withStorage("localStorage", (store) => store.getItem("copy-format")) ?? "svg";
}

export function rememberCopyFormat(key) {
  withStorage("localStorage", (store) => store.setItem("copy-format", key));
}

// The look that goes along to the next icon, as the query of an address; it is remembered as long as the tab is open.
export function carriedLook() {
  return new URLSearchParams(withStorage("sessionStorage", (store) => store.getItem("look")) ?? "");
}

export function carryLook(look) {
  withStorage("sessionStorage", (store) => store.setItem("look", String(look)));
}
