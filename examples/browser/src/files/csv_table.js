// A CSV file as a table to score, and the same file with more cells in each row, otherwise as it was.

import { isBlank, readText } from "./text_records.js";

const HIDDEN = "[\\u200b-\\u200f\\u2060\\ufeff\\u00ad\\u180e]*"; // have no width
const DANGEROUS = new RegExp(`^${HIDDEN}[=+\\-@\\t\\r\\n＝＋－＠]`); // a spreadsheet would run it
const NUMBER = new RegExp(`^${HIDDEN}[+\\-＋－]?([\\d０-９.,]*[\\d０-９][\\d０-９.,]*([eE][+-]?\\d+)?%?)?$`);

/** @param {Uint8Array} bytes */
export function csvTable(bytes) {
  const text = readText(bytes);
  const filled = text.below.filter((record) => !isBlank(record));
  return {
    headers: text.header.cells.map((cell) => cell.trim()),
    rows: filled.map(({ cells }) => cells),
    places: filled.map(({ line }) => `line ${line}`),
    separator: text.separator,
    assumed: text.assumed,
    write: (names, added) => write(text, names, added),
  };
}

/** The file with the added cells, and how many cells got an apostrophe so that no spreadsheet runs them. */
function write({ above, header, below, separator }, names, added) {
  const width = header.cells.length;
  const rest = [names, ...added][Symbol.iterator]();
  let neutralised = 0;
  const line = (record, more) => {
    const { written, changed } = neutral(record, separator);
    neutralised += changed;
    if (!more || isBlank(record)) return written;
    return `${written}${separator.repeat(Math.max(0, width - record.cells.length))}${separator}${joined(rest.next().value, separator)}`;
  };
  const lines = [
    ...above.map((record) => line(record, false)),
    ...[header, ...below].map((record) => line(record, true)),
  ];
  return { text: `${lines.join("\n")}\n`, changed: neutralised };
}

function joined(cells, separator) {
  const plain = new RegExp(`^[^"\\r\\n\\${separator}]*$`);
  return cells.map((cell) => (plain.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`)).join(separator);
}

function neutral({ cells, written }, separator) {
  const { cells: safe, changed } = neutralCells(cells);
  return { written: changed > 0 ? joined(safe, separator) : written, changed };
}

/** Cells with an apostrophe before those that a spreadsheet would run, and how many these are. */
export function neutralCells(cells) {
  const risky = cells.map((cell) => DANGEROUS.test(cell) && !NUMBER.test(cell));
  return { cells: cells.map((cell, at) => (risky[at] ? `'${cell}` : cell)), changed: risky.filter(Boolean).length };
}
