// Scores a table of texts, as a CSV parser gives it: finds the model's columns and answers row by row.

/** @import { Answer, Column, Contract } from "./types.js" */
/** @import { Segmenter } from "./segmenter.js" */
import { quotedText } from "./python_text.js";
import { checkRow, InputError } from "./validation.js";

const CHUNK = 10_000; // rows per call
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
export const EXTRA = ["segment", "segment_id", "probability", "complete", "novelty", "problem"];

/**
 * @param {Segmenter} segmenter
 * @param {string[][]} table the header and the rows
 * @returns {Promise<{ table: (string | number)[][], refused: number }>} with `EXTRA` columns appended
 */
export async function scoreTable(segmenter, [headers, ...rows]) {
  const found = matchHeaders(segmenter.contract, headers);
  const ragged = rows.findIndex((row) => row.length !== headers.length);
  if (ragged >= 0) {
    const cells = `${headers.length} cells as the header has, but it has ${rows[ragged].length}`;
    throw new InputError(`row ${ragged + 1} must have ${cells}`, "");
  }
  /** @type {(string | number)[][]} */
  const scored = [[...headers, ...EXTRA]];
  let refused = 0;
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    const problems = chunk.map(() => "");
    const checked = chunk.map((row, at) => {
      try {
        return checkRow(segmenter.contract, readRow(found, row));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems[at] = error.message;
        return checkRow(segmenter.contract, {});
      }
    });
    const answers = await segmenter.predictMany(checked);
    chunk.forEach((row, at) => scored.push([...row, ...cells(answers[at], problems[at])]));
    refused += problems.filter(Boolean).length;
  }
  return { table: scored, refused };
}

/**
 * Which header means which column: its name, its label or an alias, in any case.
 * @param {Contract} contract
 * @param {string[]} headers
 * @returns {[Column, number][]} the columns and the positions of their headers
 */
export function matchHeaders(contract, headers) {
  const plain = (headers ?? []).map((header) => header.trim().toLowerCase());
  /** @type {[Column, number][]} */
  const found = [];
  for (const column of contract.columns) {
    const spellings = [column.name, column.label, ...column.aliases].map((text) => text.trim().toLowerCase());
    const position = spellings.map((text) => plain.indexOf(text)).find((at) => at >= 0);
    if (position !== undefined) found.push([column, position]);
  }
  if (found.length === 0) {
    const names = [contract.columns.map(({ name }) => name), headers ?? []];
    const [known, seen] = names.map((each) => each.map(quotedText).join(", "));
    throw new InputError(`the table must have at least one of the columns ${known}, but its headers are ${seen}`, "");
  }
  return found;
}

/**
 * @param {[Column, number][]} found
 * @param {string[]} row
 */
function readRow(found, row) {
  return Object.fromEntries(found.map(([column, at]) => [column.name, readCell(column, row[at] ?? "")]));
}

/**
 * The cell of a file or of the command line: missing, a number, or the text for the validation to check.
 * @param {Column} column
 * @param {string} text
 */
export function readCell(column, text) {
  const plain = text.trim();
  if (plain === "" || plain.toLowerCase() === "nan") return null;
  return column.kind === "number" && NUMBER.test(plain) ? Number(plain) : text;
}

/**
 * @param {Answer} answer
 * @param {string} problem
 */
function cells(answer, problem) {
  if (problem) return ["", "", "", "", "", problem];
  const { segment, segmentId, probability, complete, novelty } = answer;
  return [segment, segmentId, probability.toFixed(6), String(complete), novelty?.toFixed(6) ?? "", ""];
}
