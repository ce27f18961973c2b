// What is assumed about a file: its headers, which of them are columns of the model, and how its numbers are written.

import { listed, quoted, quotedNames } from "../../../javascript/core/wording.js";
import { spellings } from "../../../javascript/core/validation.js";
import CELLS from "../words/cells.json";
import { certainMark } from "./decimal_mark.js";
import { checkHeaders, matchHeaders, nearestHeader } from "./find_columns.js";
import { plainText, readingOf } from "./number_cells.js";

const NUMERIC = new Set([...CELLS.CERTAIN_MISSING, ...CELLS.NUMERIC_MISSING]);
const SAMPLED = 2_000; // first rows, by which it is decided how numbers are written
const MOST_HINTS = 200; // columns that are asked for decimal marks

/** Whether a cell means that nothing is known; a category may be written like one of the words. */
export function meansMissing(column, cell) {
  const folded = plainText(cell).toLowerCase();
  if (column.kind === "category") return NUMERIC.has(folded) && !spellings(column).has(folded);
  return NUMERIC.has(folded) || (column.reading?.missing_words ?? []).includes(folded);
}

/**
 * How a table is read.
 * @param source with its `headers`, the cells of its `rows`, its `separator` and what is `assumed`
 * @param chosen column name -> header, as the visitor chose
 */
export function readTable(contract, { headers, rows: all, separator, assumed }, chosen = {}) {
  const rows = all.slice(0, SAMPLED);
  checkHeaders(headers, rows);
  const mapping = matchHeaders(contract, headers, chosen);
  const hints = { separator, mark: fileMark(headers, rows, separator) };
  const columns = contract.columns
    .filter(({ name }) => mapping.has(name))
    .map((column) => {
      const at = headers.indexOf(mapping.get(column.name));
      return { column, at, reading: column.kind === "number" ? numbers(column, headers[at], rows, at, hints) : null };
    });
  return {
    columns,
    mapping,
    commas: columns.some(({ reading }) => reading?.mark === "," && reading.note !== ""),
    sentences: sentences(contract, headers, { assumed, mapping, columns }),
  };
}

function numbers(column, header, rows, at, hints) {
  const texts = rows
    .map((row) => row[at] ?? "")
    .filter((cell) => !meansMissing(column, cell))
    .map(plainText);
  return readingOf(column, header, texts, hints);
}

/** The mark that the columns of the file certainly have; empty where they contradict each other. */
function fileMark(headers, rows, separator) {
  const marks = headers.slice(0, MOST_HINTS).map((_, at) => {
    const texts = rows.map((row) => plainText(row[at] ?? "")).filter((text) => !NUMERIC.has(text.toLowerCase()));
    return certainMark(texts, separator);
  });
  const [mark, ...others] = new Set(marks.filter(Boolean));
  return mark === undefined || others.length > 0 ? "" : mark;
}

/** The assumptions in words. */
function sentences(contract, headers, { assumed, mapping, columns }) {
  const renamed = [...mapping]
    .filter(([name, header]) => name !== header)
    .map(([name, header]) => `${name} from ${quoted(header)}`);
  const absent = contract.columns.filter(({ name }) => !mapping.has(name));
  const free = headers.filter((header) => ![...mapping.values()].includes(header));
  return [
    ...assumed,
    ...(renamed.length > 0 ? [`read ${renamed.join(", ")}`] : []),
    ...noted(columns, headers),
    ...(absent.length > 0
      ? [`not in the file, so unknown in every row: ${absent.map(({ name }) => name).join(", ")}`]
      : []),
    ...absent.flatMap((column) => {
      const near = nearestHeader(column, free.filter(Boolean));
      return near ? [`is '${near}' the column ${column.name}?`] : [];
    }),
    ...(free.length > 0 ? [`not used by the model: ${named(free)}`] : []),
  ];
}

/** What is removed from numbers, once for all columns it is removed from. */
function noted(columns, headers) {
  const alike = new Map();
  for (const { at, reading } of columns) {
    if (reading?.note) alike.set(reading.note, [...(alike.get(reading.note) ?? []), headers[at]]);
  }
  return [...alike].map(([note, names]) => `numbers of ${named(names)}: ${note}`);
}

function named(headers) {
  const [known, blank] = [headers.filter(Boolean), headers.filter((header) => !header).length];
  const unnamed = blank === 1 ? "a column without a header" : `${blank} columns without a header`;
  return listed([...(known.length > 0 ? [quotedNames(known)] : []), ...(blank > 0 ? [unnamed] : [])]);
}
