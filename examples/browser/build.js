// Makes dist/: the page as static files for any web server. Run with: npm run build
// `npm run build -- --write` also writes the sizes into README.md.
// Environment: MODEL and VECTORS, the paths of the model and of the test vectors.

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const DIST = "dist";
const ARTIFACTS = "../../artifacts";
const RUNTIME = "ort-wasm-simd-threaded.wasm";
const COPIED = {
  "model.onnx": process.env.MODEL ?? `${ARTIFACTS}/model.onnx`,
  "test_vectors.json": process.env.VECTORS ?? `${ARTIFACTS}/test_vectors.json`,
  [RUNTIME]: `node_modules/onnxruntime-web/dist/${RUNTIME}`,
  "index.html": "src/index.html",
  "style.css": "src/style.css",
  "icon.svg": "src/icon.svg",
  "README.md": "src/SPACE.md",
};

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
for (const [name, source] of Object.entries(COPIED)) await cp(source, `${DIST}/${name}`);
const LOADED = await Promise.all(["model.onnx", RUNTIME].map(async (name) => [name, (await stat(`${DIST}/${name}`)).size]));
const { version } = JSON.parse(await readFile("node_modules/onnxruntime-web/package.json", "utf8"));
await build({
  entryPoints: ["src/main.js"],
  outdir: DIST,
  bundle: true,
  splitting: true, // what only some visitors need is a file of its own
  chunkNames: "[name]",
  format: "esm",
  target: "es2022",
  minify: true,
  nodePaths: ["node_modules"], // for what ../javascript/core imports
  define: {
    RUNTIME_VERSION: JSON.stringify(version),
    RUNTIME: JSON.stringify(RUNTIME),
    SIZES: JSON.stringify(Object.fromEntries(LOADED)), // in bytes, for the progress bar
  },
  logLevel: "warning",
});

// The service worker stores these files; when one of them changes, the name of the cache changes.
const names = (await readdir(DIST)).filter((name) => name !== "README.md").sort();
const hash = createHash("sha256");
const sizes = [];
for (const name of names) {
  const content = await readFile(`${DIST}/${name}`);
  hash.update(name).update(content);
  sizes.push([`\`${name}\``, content.length, gzipSync(content).length]);
}
const worker = await readFile("src/sw.js", "utf8");
await writeFile(
  `${DIST}/sw.js`,
  `const VERSION = "${hash.digest("hex").slice(0, 16)}";\nconst FILES = ${JSON.stringify(["./", ...names])};\n${worker}`,
);
sizes.push(["total", ...[1, 2].map((at) => sizes.reduce((sum, size) => sum + size[at], 0))]);
const lines = sizes.map(([name, ...bytes]) => `| ${name} | ${bytes.map(megabytes).join(" | ")} |\n`);
const table = `| file | MB | gzipped |\n|---|---|---|\n${lines.join("")}`;
console.log(table);
if (process.argv.includes("--write")) {
  const page = await readFile("README.md", "utf8");
  await writeFile("README.md", page.replace(/(<!-- sizes -->\n)[^]*(<!-- \/sizes -->)/, `$1${table}$2`));
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(2);
}
