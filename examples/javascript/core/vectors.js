// Checks every row of the test vectors, all in one call and each alone, and times one row.

/** @import { Outputs, Vectors } from "./types.js" */
/** @import { Segmenter } from "./segmenter.js" */
import { isoDate } from "./dates.js";

const WARM_UP = 10_000; // then the engine has compiled it
const TIMED = 2000;
export const ANSWER = /** @type {const} */ (["segment", "segment_id", "probabilities", "complete", "distances", "novelty"]);
const EXACT = ["segment", "segment_id", "complete"];

/**
 * @param {Segmenter} segmenter
 * @param {Vectors} vectors
 * @param {number} [block] for `medianTime`
 * @returns {Promise<{ rows: number, mismatches: string[], p50: number }>} p50 in microseconds
 */
export async function checkVectors(segmenter, vectors, block = 1) {
  const rows = vectors.outputs.segment.length;
  const { inputs, outputs, tolerances } = vectors;
  const all = await segmenter.run(inputs);
  const names = /** @type {(keyof Outputs)[]} */ (Object.keys(all));
  const mismatches = differences(outputs, all, tolerances, names);
  const alone = names.filter((name) => name !== "classifier_probabilities");
  for (let row = 0; row < rows; row += 1) {
    const one = await segmenter.run(slice(inputs, row), alone);
    mismatches.push(...differences(slice(outputs, row), one, tolerances, alone, row));
  }
  mismatches.push(...(await oneRowDifferences(segmenter, vectors)));
  return { rows, mismatches, p50: await medianTime(segmenter, vectors, block) };
}

/**
 * Where the graph for one complete customer does not give the expected answers, in words.
 * @param {Segmenter} segmenter
 * @param {Pick<Vectors, "inputs" | "outputs" | "tolerances">} vectors
 */
export async function oneRowDifferences({ oneRow }, { inputs, outputs, tolerances }) {
  const told = [];
  for (let row = 0; row < outputs.segment.length; row += 1) {
    const cells = Object.entries(inputs).map(([name, column]) => [name, column[row]]);
    const found = await oneRow?.run(Object.fromEntries(cells));
    if (found) told.push(...differences(slice(outputs, row), found, tolerances, ANSWER, row));
  }
  return told;
}

/**
 * Where the graph's answers are not the expected ones, in words.
 * @param {Record<string, unknown[]>} expected
 * @param {Outputs} found
 * @param {Vectors["tolerances"]} tolerances
 * @param {readonly (keyof Outputs)[]} names
 * @param {number} [first] the number of the first row
 */
export function differences(expected, found, tolerances, names, first = 0) {
  const told = [];
  for (const name of names) {
    const tolerance = name.endsWith("probabilities") ? tolerances.probability : tolerances.distance;
    const width = found[name].length / expected[name].length;
    for (const [row, wanted] of expected[name].entries()) {
      const cells = [...found[name].slice(row * width, (row + 1) * width)];
      const same = EXACT.includes(name)
        ? cells.length === 1 && equal(cells[0], wanted)
        : [wanted].flat().every((cell, at) => close(Number(cells[at]), /** @type {number | null} */ (cell), tolerance));
      if (!same) told.push(`mismatch: row ${first + row}: ${name}: found ${cells}, expected ${wanted}`);
    }
  }
  return told;
}

/**
 * @param {string | number | bigint} found
 * @param {unknown} wanted
 */
function equal(found, wanted) {
  return typeof wanted === "string" ? found === wanted : Number(found) === Number(wanted);
}

/**
 * @param {number} found
 * @param {number | null} wanted null is NaN
 * @param {number} tolerance
 */
function close(found, wanted, tolerance) {
  return wanted === null ? Number.isNaN(found) : Math.abs(found - wanted) <= tolerance;
}

/**
 * @template T
 * @param {Record<string, T[]>} columns
 * @param {number} row
 * @returns {Record<string, T[]>}
 */
function slice(columns, row) {
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, [cells[row]]]));
}

/**
 * Median time of one row in microseconds, from values to an answer, another row each time.
 * @param {Segmenter} segmenter
 * @param {Vectors} vectors
 * @param {number} [block] rows between two looks at the clock: more than one where it steps too coarsely
 */
export async function medianTime(segmenter, vectors, block = 1) {
  const rows = customers(segmenter, vectors);
  const times = [];
  for (let turn = 0; turn < WARM_UP + TIMED; turn += block) {
    const start = performance.now();
    for (let row = turn; row < turn + block; row += 1) await segmenter.predict(rows[row % rows.length]);
    if (turn >= WARM_UP) times.push((performance.now() - start) / block);
  }
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length / 2)] * 1000;
}

/**
 * The rows as values to predict from, dates as text; an invalid category is unknown here.
 * @param {Segmenter} segmenter
 * @param {Vectors} vectors
 */
function customers({ contract }, { inputs, outputs }) {
  return outputs.segment.map((_, row) =>
    Object.fromEntries(
      contract.columns.map(({ name, kind, categories, other }) => {
        const cell = inputs[name][row];
        if (kind === "date") return [name, cell === null ? null : isoDate(Number(cell))];
        const known = kind === "number" || other || categories.some(({ value }) => value === cell);
        return [name, known ? cell : null];
      }),
    ),
  );
}
