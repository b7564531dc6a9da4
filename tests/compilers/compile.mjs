// Compiles icons as the programs do that they are copied into. Reads JSON from stdin: a list of {name, jsx, vue,
// svelte, component}. Writes a list of complaints, which is empty where every compiler took every icon without a
// warning. Its argument is the folder with node_modules.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const folder = process.argv[2];
const require = createRequire(`${folder}/compile.js`);
const { transformSync } = require("esbuild");
const { parse, compileTemplate } = require("@vue/compiler-sfc");
const { compile } = require("svelte/compiler");
const require18 = createRequire(`${folder}/react-18/compile.js`);
const reacts = [require, require18].map((load) => [load("react"), load("react-dom/server")]);

const complaints = [];
console.error = (...words) => complaints.push(words.join(" "));
for (const icon of JSON.parse(await text(process.stdin))) {
  const complain = (language, error) => complaints.push(`${icon.name} in ${language}: ${error}`);
  try {
    const { code, warnings } = transformSync(icon.jsx, { loader: "jsx", format: "cjs", jsxFactory: "h" });
    warnings.forEach((warning) => complain("JSX", warning.text));
    for (const [react, server] of reacts) {
      const module = { exports: {} };
      new Function("module", "exports", "h", code)(module, module.exports, react.createElement);
      const before = complaints.length;
      const markup = server.renderToStaticMarkup(react.createElement(module.exports[icon.component], { role: "img" }));
      if (!markup.includes('role="img"')) complain("React", "it does not pass attributes on");
      if (complaints.length > before) complain(`React ${react.version}`, "warnings");
    }
  } catch (error) {
    complain("React", error.message);
  }
  try {
    const { descriptor, errors } = parse(icon.vue);
    const result = compileTemplate({ source: descriptor.template.content, filename: "icon.vue", id: "icon" });
    [...errors, ...result.errors].forEach((error) => complain("Vue", error.message ?? error));
  } catch (error) {
    complain("Vue", error.message);
  }
  try {
    const { warnings } = compile(icon.svelte, { generate: "server", filename: "Icon.svelte" });
    warnings.forEach((warning) => complain("Svelte", warning.message));
  } catch (error) {
    complain("Svelte", error.message);
  }
}
process.stdout.write(JSON.stringify(complaints.slice(0, 50)));
