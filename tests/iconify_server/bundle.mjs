// Bundles a page for a browser: node bundle.mjs PAGE FILE
import esbuild from "esbuild";
import svelte from "esbuild-svelte";

const [page, file] = process.argv.slice(2);
await esbuild.build({
  entryPoints: [page],
  outfile: file,
  bundle: true,
  jsx: "automatic",
  logLevel: "error",
  mainFields: ["svelte", "browser", "module", "main"],
  conditions: ["svelte", "browser"],
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  plugins: [svelte({ compilerOptions: { css: "injected" } })],
});
