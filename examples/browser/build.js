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
  "style.css": "src/style.css",
  "icon.svg": "src/icon.svg",
  "README.md": "src/SPACE.md",
};

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
for (const [name, source] of Object.entries(COPIED)) await cp(source, `${DIST}/${name}`);
const english = await json("src/words/en.json");
const inWords = /(data-(words|label)="(\w+)")([^>]*>)/g; // the page in English, which its script puts in other words
const page = (await readFile("src/index.html", "utf8")).replace(inWords, (_, asked, kind, name, end) =>
  kind === "words" ? `${asked}${end}${english[name]}` : `${asked} aria-label="${english[name]}"${end}`,
);
await writeFile(`${DIST}/index.html`, page);
const WORDS = (await json("src/words/languages.json"))
  .map(({ code }) => [`words.${code}.json`, `src/words/${code}.json`])
  .slice(1); // English is part of the script
for (const [name, source] of WORDS) await writeFile(`${DIST}/${name}`, JSON.stringify(await json(source)));
const LOADED = await Promise.all(["model.onnx", RUNTIME].map(async (name) => [name, (await stat(`${DIST}/${name}`)).size]));
const { version } = await json("node_modules/onnxruntime-web/package.json");
const FORM = { bundle: true, target: "es2022", minify: true, logLevel: "warning" };
await build({ ...FORM, entryPoints: { language: "src/choose_language.js" }, outdir: DIST });
await build({
  ...FORM,
  entryPoints: ["src/main.js"],
  outdir: DIST,
  splitting: true, // what only some visitors need is a file of its own
  chunkNames: "[name]",
  format: "esm",
  nodePaths: ["node_modules"], // for what ../javascript/core imports
  define: {
    RUNTIME_VERSION: JSON.stringify(version),
    RUNTIME: JSON.stringify(RUNTIME),
    SIZES: JSON.stringify(Object.fromEntries(LOADED)), // in bytes, for the progress bar
  },
});

// The service worker stores these files, of the words those that are read; when one changes, the cache's name changes.
const names = (await readdir(DIST)).filter((name) => name !== "README.md").sort();
const hash = createHash("sha256");
const sizes = [];
for (const name of names) {
  const content = await readFile(`${DIST}/${name}`);
  hash.update(name).update(content);
  sizes.push([`\`${name}\``, content.length, gzipSync(content).length]);
}
const worker = await readFile("src/sw.js", "utf8");
const words = WORDS.map(([name]) => name);
const FILES = names.filter((name) => !words.includes(name));
const known = { VERSION: hash.digest("hex").slice(0, 16), FILES: ["./", ...FILES], WORDS: words };
const lines = Object.entries(known).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
await writeFile(`${DIST}/sw.js`, `${lines.join("")}${worker}`);
sizes.push(["total", ...[1, 2].map((at) => sizes.reduce((sum, size) => sum + size[at], 0))]);
const rows = sizes.map(([name, ...bytes]) => `| ${name} | ${bytes.map(megabytes).join(" | ")} |\n`);
const table = `| file | MB | gzipped |\n|---|---|---|\n${rows.join("")}`;
console.log(table);
if (process.argv.includes("--write")) {
  const readme = await readFile("README.md", "utf8");
  await writeFile("README.md", readme.replace(/(<!-- sizes -->\n)[^]*(<!-- \/sizes -->)/, `$1${table}$2`));
}

/** @param {string} path */
async function json(path) {
  return JSON.parse(await readFile(path, "utf8"));
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(2);
}
