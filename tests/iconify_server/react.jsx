// A page of @iconify/react that shows icons of this site, for tests/test_browser_iconify.py.
import { addAPIProvider, Icon } from "@iconify/react";
import { createRoot } from "react-dom/client";

addAPIProvider("iconsite", { resources: [window.SITE], path: "/iconify/" });
const names = ["home", "house", "turned", "none"];
createRoot(document.getElementById("root")).render(
  names.map((name) => <Icon key={name} icon={`@iconsite:shapes:${name}`} data-name={name} />),
);
