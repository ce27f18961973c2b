// Usage: node segment.js predict NAME=VALUE ... | score IN.csv OUT.csv | vectors | bench
// Environment: MODEL and VECTORS, the paths of the model and of the test vectors.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import * as ort from "onnxruntime-node";
import { readCell, scoreTable } from "./core/table.js";
import { Segmenter } from "./core/segmenter.js";
import { checkVectors, medianTime } from "./core/vectors.js";

const MODEL = process.env.MODEL ?? new URL("../../artifacts/model.onnx", import.meta.url);
const VECTORS = process.env.VECTORS ?? new URL("../../artifacts/test_vectors.json", import.meta.url);

/** @param {{ selfTest?: boolean }} [options] */
async function open(options) {
  return Segmenter.open(ort, new Uint8Array(await readFile(MODEL)), options);
}

async function readVectors() {
  return JSON.parse(await readFile(VECTORS, "utf8"));
}

/** @param {string[]} given */
async function predict(given) {
  const segmenter = await open();
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const argument of given) {
    const [name, ...rest] = argument.split("=");
    const column = segmenter.contract.columns.find((each) => each.name === name);
    values[name] = column ? readCell(column, rest.join("=")) : rest.join("=");
  }
  const answer = await segmenter.predict(values);
  console.log(`segment: ${answer.segment}\nprobability: ${answer.probability.toFixed(6)}`);
  console.log(`complete: ${answer.complete}\nenough: ${answer.enough}`);
  if (answer.novelty !== null) console.log(`novelty: ${answer.novelty.toFixed(6)}`);
  console.log(`action: ${answer.action}`);
}

/** @param {string[]} paths */
async function score([source, target]) {
  const rows = parse(await readFile(source), { bom: true, relax_column_count: true });
  const { table, refused } = await scoreTable(await open(), rows);
  await writeFile(target, stringify(table));
  console.error(`${table.length - 1} rows scored, ${refused} refused`);
}

async function vectors() {
  // Without the self-test, so that differences in a wrong file are reported row by row.
  const { rows, mismatches, p50 } = await checkVectors(await open({ selfTest: false }), await readVectors());
  for (const line of mismatches.slice(0, 10)) console.error(line);
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json");
  console.log(
    JSON.stringify({
      language: "JavaScript",
      runtime: version,
      rows,
      mismatches: mismatches.length,
      p50_us: Math.round(p50 * 10) / 10,
    }),
  );
  process.exitCode = mismatches.length > 0 ? 1 : 0;
}

async function bench() {
  const p50 = await medianTime(await open(), await readVectors());
  console.log(`${p50.toFixed(1)} us per row (median)`);
}

const [command, ...given] = process.argv.slice(2);
const commands = new Map(Object.entries({ predict, score, vectors, bench }));
try {
  const run = commands.get(command);
  if (!run) throw new Error("name a command: predict NAME=VALUE ..., score IN.csv OUT.csv, vectors, bench");
  await run(given);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
