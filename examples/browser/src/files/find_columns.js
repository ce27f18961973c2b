// Finds the contract's columns among a file's headers, however they are spelled, as inference/files/read/headers.py.

import { title } from "../../../javascript/core/contract.js";
import { quotedText } from "../../../javascript/core/python_text.js";
import { InputError } from "../../../javascript/core/validation.js";
import { didYouMean, nearest, quoted, quotedNames } from "../../../javascript/core/wording.js";

const BRACKETS = /[([{\uff08\u3010][^)\]}\uff09\u3011]*[)\]}\uff09\u3011]/g;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;
const YEAR = /^(19|20)\d\d$/;
const FEW_ROWS = 20;
export const NOT_IN_FILE = ""; // chosen for a column that the file does not have

const squeezed = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
const FOLDS = [(text) => text, (text) => text.toLowerCase(), squeezed];

/** Columns that could not be found, each with what to do; the page then offers to choose them. */
export class ColumnsMissing extends InputError {}

/** Refuse headers that are alike, none at all, and a first row of a table without headers. */
export function checkHeaders(headers, rows) {
  const seen = new Map();
  for (const header of headers.filter(Boolean)) {
    const same = seen.get(header.toLowerCase());
    const pair = `${quoted(same ?? "")} and ${quoted(header)}`;
    if (same !== undefined)
      throw new InputError(`the headers must differ by more than case, but there are ${pair}; rename one`, "");
    seen.set(header.toLowerCase(), header);
  }
  if (seen.size === 0)
    throw new InputError("the first line must name the columns, but it is blank; add a line of headers", "");
  if (looksLikeData(headers, rows)) {
    const row = `${quotedNames(headers)}; add a line of headers`;
    throw new InputError(`the first line must name the columns, but it looks like a row: ${row}`, "");
  }
  if (rows.length === 0) {
    const header = `it has the header only: ${quotedNames(headers)}; add rows`;
    throw new InputError(`the file must have rows below its header, but ${header}`, "");
  }
}

/** Whether the first line is a row like those below: numbers over numbers, words that come again. */
function looksLikeData(headers, rows) {
  const numbers = [];
  let [strangers, most] = [0, 0];
  for (const [at, header] of headers.entries()) {
    const known = rows
      .slice(0, 200)
      .map((row) => (row[at] ?? "").trim())
      .filter(Boolean);
    most = Math.max(most, known.length);
    if (!header || known.length === 0) continue;
    if (NUMBER.test(header)) {
      if (!NUMBER.test(known[0])) return false;
      numbers.push(header);
    } else if (!known.includes(header)) strangers += 1;
  }
  if (numbers.length === 0 || strangers === 0) return numbers.length > 0;
  return most < FEW_ROWS && !numbers.every((each) => YEAR.test(each)) && numbers.length > strangers;
}

/**
 * Column name -> header, for every column the file has. A profile column may be absent.
 * @param chosen column name -> header, or `NOT_IN_FILE`, as the visitor chose
 */
export function matchHeaders(contract, headers, chosen = {}) {
  const found = new Map();
  const missing = [];
  for (const column of contract.columns) {
    if (chosen[column.name] === NOT_IN_FILE) continue;
    const header = chosen[column.name] ?? findHeader(column, headers);
    if (header !== null) found.set(column.name, header);
    else if (column.role === "clustering") missing.push(column);
  }
  if (missing.length > 0) throw notFound(missing, headers, found);
  refuseShared(found);
  return found;
}

/** The header that a column has or, failing that, the one that is spelled most like it; null for none. */
export function proposedHeader(column, headers) {
  try {
    return (findHeader(column, headers) ?? nearestHeader(column, headers)) || null;
  } catch {
    return null; // several could be; the visitor decides
  }
}

/** The header of a column, by the strictest comparison that finds any. */
function findHeader(column, headers) {
  const spellings = [column.name, column.label, title(column), ...column.aliases];
  if (headers.includes(column.aliases[0])) return column.aliases[0]; // the header it was trained with
  for (const fold of FOLDS) {
    const known = new Set(spellings.map(fold));
    const hits = headers.filter((header) => header && known.has(fold(header)));
    if (hits.length === 1) return hits[0];
    if (hits.length > 1) {
      const could = `one header must be column ${quotedText(column.name)}, but ${quotedNames(hits)} could be`;
      throw new ColumnsMissing(`${could}; choose one of them below, or rename all but one`, column.name);
    }
  }
  const bare = new Set(spellings.map((text) => squeezed(text.replace(BRACKETS, ""))).filter(Boolean));
  const hits = headers.filter((header) => bare.has(squeezed(header)));
  return hits.length === 1 ? hits[0] : null;
}

/** The header that is spelled most like a column, or empty where none is near. */
export function nearestHeader(column, headers) {
  const spellings = [column.name, column.label, ...column.aliases];
  return spellings.map((each) => nearest(each, headers, squeezed)).find(Boolean) ?? "";
}

function notFound([first, ...more], headers, found) {
  const free = headers.filter((header) => ![...found.values()].includes(header));
  const shown = quotedNames(headers, more.length > 0 ? 40 : 100);
  const others = more.length > 1 ? ` and ${more.length - 1} more` : "";
  const same = more.length > 0 ? `; the same for column ${quotedText(more[0].name)}${others}` : "";
  const advice = "choose its header below, or say that the file does not have it";
  const near = nearestHeader(first, free);
  const sentence = `column ${quotedText(first.name)} is missing; found: ${shown}; ${advice}${same}`;
  return new ColumnsMissing(near ? `${sentence}.${didYouMean(near)}` : sentence, first.name);
}

function refuseShared(found) {
  const names = [...found.keys()];
  for (const [place, name] of names.entries()) {
    const other = names.slice(place + 1).find((each) => found.get(each) === found.get(name));
    if (other === undefined) continue;
    const both = `${quoted(found.get(name))} would be ${quotedText(name)} and ${quotedText(other)}`;
    throw new ColumnsMissing(`each header must be one column, but ${both}; choose another one below`, name);
  }
}
