// Scores the rows of a file, as inference/files: a bad cell of a clustering column costs its row, one of a profile
// column counts as missing.

import { isUnknown } from "../../../javascript/core/explanation.js";
import { checkValue, InputError } from "../../../javascript/core/validation.js";
import CELLS from "../words/cells.json";
import { meansMissing } from "./file_reading.js";
import { numberOf, plainText } from "./number_cells.js";

const TOTAL_WORDS = new Set(CELLS.TOTAL_WORDS);
const TOTAL = { column: null, sentence: "the row contains totals; it was not scored" };
const CHUNK = 5_000; // rows per call
export const ADDED = ["segment", "probability", "route", "novelty", "error", "note"];

/**
 * What the model answers about every row: `{ segmentId, probability, route, novelty, error, note }`.
 * @param reading of `readTable`
 * @param table the cells of its `rows`, the number of its `headers`, and the `place` of each row such as `line 2`
 * @param progress called with the rows done
 */
export async function scoreRows(segmenter, reading, { rows, headers, places }, progress) {
  const scored = [];
  const unknown = segmenter.contract.columns.map((column) => [column.name, column.kind === "category" ? "" : NaN]);
  for (let start = 0; start < rows.length; start += CHUNK) {
    const totals = rows.length - totalRows(rows);
    const checked = rows
      .slice(start, start + CHUNK)
      .map((row, at) =>
        start + at >= totals
          ? { values: Object.fromEntries(unknown), problem: TOTAL, notes: [] }
          : checkCells(reading, row, headers.length, unknown),
      );
    const answers = await answersTo(
      segmenter,
      checked.map(({ values }) => values),
    );
    for (const [at, { problem, notes }] of checked.entries())
      scored.push(outcome(answers[at], problem, notes, places[start + at]));
    progress(scored.length);
    await new Promise((resolve) => setTimeout(resolve)); // let the page show it
  }
  return scored;
}

/** The answers in the order of the rows; complete ones are asked by themselves, for which the classifier does not run. */
async function answersTo(segmenter, rows) {
  const clustering = segmenter.contract.columns.filter(({ role }) => role === "clustering").map(({ name }) => name);
  const isComplete = (row) => !clustering.some((name) => isUnknown(row[name]));
  const answers = new Array(rows.length);
  for (const complete of [true, false]) {
    const places = rows.flatMap((row, at) => (isComplete(row) === complete ? [at] : []));
    if (places.length === 0) continue;
    const found = await segmenter.predictMany(places.map((at) => rows[at]));
    for (const [place, at] of places.entries()) answers[at] = found[place];
  }
  return answers;
}

/** How many rows at the end contain totals, by the word that they begin with. */
function totalRows(rows) {
  const isTotal = (row) =>
    TOTAL_WORDS.has((row.find((cell) => cell.trim() !== "") ?? "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""));
  const last = rows.findLastIndex((row) => !isTotal(row));
  return rows.length - last - 1;
}

function outcome({ segmentId, probability, route, novelty }, problem, notes, place) {
  if (problem) {
    const { column, sentence } = problem;
    return { route: "error", error: `${place}: ${sentence}`, column, notes: [] };
  }
  return {
    segmentId,
    probability,
    route,
    novelty,
    error: "",
    notes: notes.map((note) => ({ ...note, example: `${place}: ${note.sentence}` })),
  };
}

function checkCells({ columns }, row, width, unknown) {
  const values = Object.fromEntries(unknown);
  if (row.length !== width) return { values, problem: { column: "", sentence: ragged(row.length, width) }, notes: [] };
  const notes = [];
  let problem = null;
  for (const { column, at, reading } of columns) {
    try {
      values[column.name] = checkCell(column, reading, row[at]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (column.role === "clustering") problem ??= { column: column.name, sentence: error.message };
      else notes.push({ column: column.name, sentence: remark(error.message) });
    }
  }
  return { values, problem, notes };
}

function ragged(found, width) {
  const cells = `${width} cell${width === 1 ? "" : "s"} like the header, but it has ${found}`;
  return `the row must have ${cells}; quote cells that contain the separator, and complete short rows`;
}

function checkCell(column, reading, cell) {
  if (meansMissing(column, cell)) return checkValue(column, null);
  if (reading === null) return checkValue(column, cell);
  return checkValue(column, numberOf(column, reading, plainText(cell), cell), { float: true });
}

/** A refusal with what was done with the cell instead of what to do about it. */
function remark(refusal) {
  const end = refusal.lastIndexOf("; ");
  return `${end < 0 ? refusal : refusal.slice(0, end)}; counted as missing`;
}

/** The cells that are added to a row, as texts. */
export function addedCells(contract, { segmentId, probability, route, novelty, error, notes }, mark) {
  const number = (text) => (mark === "," ? text.replace(".", ",") : text);
  const note = notes.map(({ sentence }) => sentence).join("; also ");
  if (error) return ["", "", route, "", error, note];
  return [
    contract.segments[segmentId].name,
    number(single(probability)),
    route,
    novelty === null ? "" : number(String(novelty)),
    "",
    note,
  ];
}

/** The shortest text of a number in single precision. */
function single(value) {
  const digits = [6, 7, 8, 9].find((each) => Math.fround(Number(value.toPrecision(each))) === value) ?? 17;
  return String(Number(value.toPrecision(digits)));
}

/** Headers of the added columns; one that is taken gets a number: `segment_2`. */
export function addedNames(headers) {
  const taken = new Set(headers.map((header) => header.toLowerCase()));
  return ADDED.map((name) => {
    let [free, more] = [name, 2];
    while (taken.has(free)) [free, more] = [`${name}_${more}`, more + 1];
    return free;
  });
}
