// The CSS that UnoCSS makes of icons of a site, as a CDN of whole sets and by a loader: node unocss.mjs SITE
import { createGenerator } from "@unocss/core";
import presetIcons from "@unocss/preset-icons";

const site = process.argv[2];
const json = async (address) => (await fetch(address)).json();
const ways = {
  cdn: { cdn: `${site}/iconify/` },
  set: { collections: { shapes: () => json(`${site}/iconify/@iconify-json/shapes/icons.json`) } },
  svg: {
    collections: {
      shapes: async (name) => {
        const answer = await fetch(`${site}/iconify/shapes/${name}.svg`);
        return answer.ok ? answer.text() : undefined;
      },
    },
  },
};
const names = { cdn: "mdi", set: "shapes", svg: "shapes" };
const result = {};
for (const [way, options] of Object.entries(ways)) {
  const generator = await createGenerator({ presets: [presetIcons({ warn: true, ...options })] });
  const classes = ["home", "house", "turned", "none"].map((name) => `i-${names[way]}:${name}`);
  const { css, matched } = await generator.generate(classes.join(" "), { preflights: false });
  result[way] = { css, matched: [...matched].sort() };
}
console.log(JSON.stringify(result));
