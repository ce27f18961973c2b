// Makes dist/: for each library one script with all that a page needs to draw with it. Run with: npm run build

import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/markup.js", "src/vega_lite.js", "src/vega_alone.js", "src/plotly.js", "src/plot.js"],
  outdir: "dist",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  logLevel: "error",
});
