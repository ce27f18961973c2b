// Reads a CSV file: its encoding, its separator and its records with their lines, as inference/files/read/delimited.

import Papa from "papaparse";
import { InputError } from "../../../javascript/core/validation.js";

const SEPARATORS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar" };
const SNIFFED_RECORDS = 200;
const MOST_ABOVE = 40; // records above the header
const MARKS = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * The records of a CSV file and how it is written.
 * @param {Uint8Array} bytes
 */
export function readText(bytes) {
  const { text, assumed } = decoded(bytes);
  const given = separatorLine(text);
  const separator = given || findSeparator(text);
  const records = recordsOf(text, separator);
  const start = (given ? 1 : 0) + tableStart(records.slice(given ? 1 : 0));
  const named = SEPARATORS[separator] ?? `'${separator}'`;
  const above = records.slice(0, start).filter((record) => !isBlank(record)).length - (given ? 1 : 0);
  return {
    kind: "text",
    separator,
    above: records.slice(0, start),
    header: records[start],
    below: records.slice(start + 1),
    assumed: [
      `CSV in ${assumed}, separated by ${named}${given ? " (as given in its first line)" : ""}`,
      ...aboveHeader("line", records[start].line, above),
    ],
  };
}

/** What is said about lines or rows above the header, if there are any. */
export function aboveHeader(place, header, above) {
  const lines = above === 1 ? `1 ${place} above it was` : `${above} ${place}s above it were`;
  return above > 0 ? [`the headers are in ${place} ${header}; ${lines} not read as part of the table`] : [];
}

export function isBlank({ cells }) {
  return cells.every((cell) => cell.trim() === "") && cells.length < 2;
}

function decoded(bytes) {
  for (const [encoding, mark] of MARKS) {
    if (mark.every((byte, at) => bytes[at] === byte)) {
      return {
        text: new TextDecoder(encoding).decode(bytes),
        assumed: `${encoding.replace("16", "16-")} with a byte order mark`,
      };
    }
  }
  const head = bytes.subarray(0, 4096);
  if (head.includes(0)) return wide(bytes, head);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), assumed: "utf-8" };
  } catch {
    const text = new TextDecoder("windows-1252").decode(bytes);
    return { text, assumed: "cp1252 (a guess from its bytes; set the encoding if letters look wrong)" };
  }
}

/** UTF-16 without its mark: every other byte of plain text is zero. */
function wide(bytes, head) {
  const zeros = [0, 1].map((first) => head.filter((byte, at) => at % 2 === first && byte === 0).length);
  if (Math.max(...zeros) < 0.35 * head.length || Math.min(...zeros) > 0.05 * head.length) {
    throw new InputError(
      "the file must be text, but it has NUL bytes; it is damaged or not a CSV file: export it again",
      "",
    );
  }
  const encoding = zeros[1] > zeros[0] ? "utf-16le" : "utf-16be";
  return { text: new TextDecoder(encoding).decode(bytes), assumed: encoding.replace("16", "16-") };
}

/** The separator given by a first line `sep=;`, as Excel writes it. */
function separatorLine(text) {
  return /^"?sep=([^"\r\n])"?(?:\r|\n|$)/i.exec(text)?.[1] ?? "";
}

/** The candidate that separates most records into as many cells as the header, and into the most cells. */
function findSeparator(text) {
  let [best, bestScore] = [",", [0, 0, 0]];
  for (const separator of Object.keys(SEPARATORS)) {
    const { data } = Papa.parse(text, { delimiter: separator, preview: SNIFFED_RECORDS });
    const widths = data.filter((row) => row.length > 1 || row[0] !== "").map((row) => row.length);
    const start = startOf(widths);
    if (start === null) continue;
    const below = widths.slice(start);
    const agreeing = below.filter((width) => width === widths[start]).length / below.length;
    const score = [Math.round(agreeing * 10), -start, widths[start]];
    if (isMore(score, bestScore)) [best, bestScore] = [separator, score];
  }
  return best;
}

function isMore(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at >= 0 && one[at] > other[at];
}

/** The first record with at least two cells that half of those below it agree with; else the first one. */
function startOf(widths) {
  for (const [start, width] of widths.slice(0, MOST_ABOVE).entries()) {
    const below = widths.slice(start + 1);
    if (width > 1 && below.length > 0 && below.filter((each) => each === width).length >= below.length / 2)
      return start;
  }
  return widths.length > 0 && widths[0] > 1 ? 0 : null;
}

/** The place of the header among the records; blank ones do not count. */
function tableStart(records) {
  const filled = records.flatMap((record, at) => (isBlank(record) ? [] : [at]));
  if (filled.length === 0)
    throw new InputError("the file must have a header and rows, but it is empty; export it again", "");
  return filled[startOf(filled.slice(0, SNIFFED_RECORDS).map((at) => records[at].cells.length)) ?? 0];
}

/** Every record with its cells, its text as it is written, and the line it begins on. */
function recordsOf(text, separator) {
  const records = [];
  let [from, line] = [0, 1];
  const step = ({ data, meta }) => {
    const written = text.slice(from, meta.cursor);
    records.push({ cells: data, written: written.replace(/\r\n$|\n$|\r$/, ""), line });
    line += written.match(/\r\n|\n|\r/g)?.length ?? 0;
    from = meta.cursor;
  };
  Papa.parse(text, { delimiter: separator, step });
  if (records.length > 0 && isBlank(records.at(-1)) && records.at(-1).written === "") records.pop(); // after the last line end
  return records;
}
