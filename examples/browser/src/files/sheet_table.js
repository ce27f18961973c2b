// The first sheet of an Excel file that has a table, as a table to score. Loaded only when a visitor brings one.

import Papa from "papaparse";
import readWorkbook from "read-excel-file/browser";
import { InputError } from "../../../javascript/core/validation.js";
import { quoted, quotedNames } from "../../../javascript/core/wording.js";
import { neutralCells } from "./csv_table.js";
import { aboveHeader } from "./text_records.js";

const HEAD_ROWS = 40;
const AMBIGUOUS = /^-?[1-9]\d{0,2}\.\d{3}$/; // could be thousands in a text, but not in a cell that is a number

/** @param {Uint8Array} bytes */
export async function sheetTable(bytes) {
  const sheets = await sheetsOf(bytes);
  const { sheet, data } = sheets.find(({ data: rows }) => rows.some((row) => filled(row) > 1)) ?? sheets[0];
  const records = data
    .map((row, at) => ({ row, cells: row.map(written), line: at + 1 }))
    .filter(({ row }) => filled(row) > 0);
  if (records.length === 0)
    throw new InputError(`the sheet ${quoted(sheet)} must have a header and rows, but it is empty`, "");
  const start = headerPlace(records);
  const header = trimmed(records[start].cells);
  const below = records
    .slice(start + 1)
    .map((record) => ({ ...record, cells: header.map((_, at) => record.cells[at] ?? "") }));
  const others = sheets.map(({ sheet: name }) => name).filter((name) => name !== sheet);
  const more =
    others.length > 0
      ? ` (not read: ${others.length} more sheet${others.length === 1 ? "" : "s"}, ${quotedNames(others)})`
      : "";
  return {
    headers: header.map((cell) => cell.trim()),
    rows: below.map(({ row, cells }) =>
      cells.map((cell, at) => (typeof row[at] === "number" && AMBIGUOUS.test(cell) ? `${cell}0` : cell)),
    ),
    places: below.map(({ line }) => `row ${line}`),
    separator: "",
    assumed: [`Excel, sheet ${quoted(sheet)}${more}`, ...aboveHeader("row", records[start].line, start)],
    write: (names, added) => write(header, below, names, added),
  };
}

async function sheetsOf(bytes) {
  try {
    return await readWorkbook(bytes.buffer, { trim: false });
  } catch (error) {
    throw new InputError(
      `the file must be an Excel file (.xlsx), but it cannot be read (${error.message}); save it again or as CSV`,
      "",
    );
  }
}

/** The first row with at least half as many cells as the fullest of the first ones; titles have fewer. */
function headerPlace(records) {
  const counts = records.slice(0, HEAD_ROWS).map(({ row }) => filled(row));
  return counts.findIndex((count) => count >= Math.max(...counts) / 2);
}

function filled(row) {
  return row.filter((cell) => cell !== null && cell !== "").length;
}

/** The cells up to the last one that is not blank. */
function trimmed(cells) {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);
}

/** A cell as text. */
function written(cell) {
  if (cell === null || cell === undefined) return "";
  if (!(cell instanceof Date)) return typeof cell === "boolean" ? String(cell).toUpperCase() : String(cell);
  const text = cell.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
}

function write(header, below, names, added) {
  const all = [[...header, ...names], ...below.map(({ cells }, at) => [...cells, ...added[at]])].map(neutralCells);
  const text = Papa.unparse(
    all.map(({ cells }) => cells),
    { newline: "\n" },
  );
  return { text: `${text}\n`, changed: all.reduce((count, { changed }) => count + changed, 0) };
}
