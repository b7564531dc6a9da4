// A page of @iconify/vue that shows icons of this site, for tests/test_browser_iconify.py.
import { addAPIProvider, Icon } from "@iconify/vue";
import { createApp, h } from "vue";

addAPIProvider("iconsite", { resources: [window.SITE], path: "/iconify/" });
const names = ["home", "house", "turned", "none"];
const icons = () => names.map((name) => h(Icon, { icon: `@iconsite:shapes:${name}`, "data-name": name }));
createApp({ render: () => h("div", icons()) }).mount("#root");
