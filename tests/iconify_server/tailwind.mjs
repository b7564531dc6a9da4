// The CSS that plugins of Tailwind make of a set's file: node tailwind.mjs FILE
import { createRequire } from "node:module";
import { compile } from "@tailwindcss/node";

const require = createRequire(import.meta.url);
const file = process.argv[2];
const classes = ["home", "house", "turned"];
const result = {};

const four = await compile(
  `@import "tailwindcss/utilities"; @plugin "@iconify/tailwind4" { icon-sets: from-json(shapes, "${file}"); }`,
  { base: import.meta.dirname, onDependency() {} },
);
result.four = four.build(classes.map((name) => `icon-[shapes--${name}]`));

const postcss = require("postcss");
const { addDynamicIconSelectors } = require("@iconify/tailwind");
const three = require("tailwindcss-3");
const content = [{ raw: classes.map((name) => `icon-[shapes--${name}]`).join(" ") }];
const plugins = [addDynamicIconSelectors({ iconSets: { shapes: file } })];
const options = { content, plugins, corePlugins: { preflight: false } };
result.three = (await postcss([three(options)]).process("@tailwind components; @tailwind utilities", { from: undefined })).css;
console.log(JSON.stringify(result));
