// Reads the cells of a column of numbers by how the column is written, as inference/files/columns/numbers.

import { quotedText } from "../../../javascript/core/python_text.js";
import { InputError } from "../../../javascript/core/validation.js";
import { quoted, shown } from "../../../javascript/core/wording.js";
import { countMarks, findMark, THOUSANDS } from "./decimal_mark.js";

const SAME = [
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, " "],
  [/[\u2018\u2019\u02bc\u00b4\u2032]/g, "'"],
  [/[\u2010-\u2013\u2212]/g, "-"],
  [/[\u200b\u200e\u200f\ufeff]/g, ""],
];
const GROUPED = /^[+-]?[1-9]\d{0,2}([.,]\d{3})+$/;
const WITH_COMMA = /^[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+$/;
const WITH_POINT = /^[+-]?\d*\.\d+([eE][+-]?\d+)?$/;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$/;

/** Text without blanks around it, with plain spaces, apostrophes and hyphens. */
export function plainText(text) {
  return SAME.reduce((plain, [signs, same]) => plain.replace(signs, same), text).trim();
}

/**
 * How a column of a file writes its numbers.
 * @param texts its plain texts that are not missing
 * @param header for a refusal
 */
export function readingOf(column, header, texts, hints) {
  const counts = countMarks(texts.map((text) => text.replace(/^'/, "")));
  const found = findMark(counts, hints, column.reading?.decimal_mark ?? "");
  if (found.refusal !== undefined) {
    const advice = `write all its cells with the same decimal mark`;
    throw new InputError(
      `the column ${quoted(header)} must have one decimal mark, but ${found.refusal}; ${advice}`,
      column.name,
    );
  }
  const thousands = thousandsOf(counts.shapes, found.mark ?? "");
  const seen = thousands.seen ? thousands.marks : [];
  const mark = found.mark ?? "";
  return { mark, thousands: thousands.marks, pattern: patternOf(mark, thousands.marks), note: noteOf(found, seen) };
}

/** The marks that were seen; every mark that can be one, where no number was long enough to show it. */
function thousandsOf(shapes, mark) {
  const fits = (shape) => (mark ? shape.thousands.has(mark) : !shape.ambiguous);
  const fitting = shapes.filter(fits);
  const seen = new Set(fitting.map((shape) => shape.thousands.get(mark || ".") ?? "").filter(Boolean));
  if (seen.size > 0 || !mark || fitting.some(({ large }) => large)) {
    return { seen: seen.size > 0, marks: THOUSANDS.filter((each) => seen.has(each)) };
  }
  const slips = new Set(shapes.filter((shape) => !fits(shape)).map(({ marked }) => marked));
  return { seen: false, marks: THOUSANDS.filter((each) => each !== mark && !slips.has(each)) };
}

/** What is removed from the cells; empty where nothing is. */
function noteOf({ mark, shown: evident, because }, seen) {
  const told = evident && (mark === "," || (because && seen.length === 0));
  return [
    ...(told ? [`decimal mark '${mark}'`] : []),
    ...(seen.length > 0
      ? [`thousands separator ${seen.map((each) => `'${each}'`.replace("'''", '"\'"')).join(" and ")}`]
      : []),
    ...(because ? [`because ${because}`] : []),
  ].join(", ");
}

function patternOf(mark, thousands) {
  const escaped = (sign) => sign.replace(/[.]/, "\\$&");
  const whole = [...thousands.map((sign) => `[1-9]\\d{0,2}(?:${escaped(sign)}\\d{3})+`), "\\d+"].join("|");
  const certain = "\\d*\\.(?:\\d{1,2}|\\d{4,})|(?:0\\d*|\\d{4,})\\.\\d{3}|\\.\\d{3}|\\d+\\."; // whatever the mark is
  const body = mark ? `(?:${whole})(?:${escaped(mark)}\\d*)?|${escaped(mark)}\\d+` : `${certain}|${whole}`;
  return new RegExp(`^'?[+-]? *(?:${body})(?:e[+-]?\\d+)?$`, "i");
}

/**
 * The number of a plain text that is not missing.
 * @throws {InputError} where it does not fit the column's reading
 */
export function numberOf(column, reading, text, cell) {
  const value = reading.pattern.test(text) ? Number(bare(reading, text)) : NaN;
  if (!Number.isFinite(value))
    throw new InputError(`column ${quotedText(column.name)} ${notANumber(cell, reading.mark)}`, column.name);
  return value;
}

function bare({ mark, thousands }, text) {
  const digits = thousands.reduce(
    (rest, sign) => rest.replaceAll(sign, ""),
    text.replace(/^'/, "").replaceAll(" ", ""),
  );
  return mark === "," ? digits.replace(",", ".") : digits;
}

/** The refusal of a cell, as the end of a sentence about its column. */
function notANumber(cell, mark) {
  const [seen, plain] = [shown(cell), cell.trim()];
  if (/^[+-]*inf(inity)?$/i.test(plain))
    return `must be a finite number, but it is ${seen}; correct it or leave the cell blank`;
  if (DATE.test(plain))
    return `must be a number, but it is ${seen}, which looks like a date; correct it or leave it blank`;
  if (mark !== "," && GROUPED.test(plain)) {
    const either = `write ${plain.replace(/[.,]/g, "")} or ${plain.replace(",", ".")}, whichever is meant`;
    return `must be a number without thousands separators, but it is ${seen}; ${either}`;
  }
  if (mark !== "," && WITH_COMMA.test(plain)) {
    const point = `write ${plain.replaceAll(".", "").replace(",", ".")}, or set the column's decimal mark to a comma`;
    return `must be a number with a decimal point, as its other cells, but it is ${seen}; ${point}`;
  }
  if (mark === "," && WITH_POINT.test(plain)) {
    const comma = `write ${plain.replace(".", ",")}, or set the column's decimal mark to a point`;
    return `must be a number with a decimal comma, as its other cells, but it is ${seen}; ${comma}`;
  }
  return `must be a number, but it is ${seen}; correct it or leave the cell blank`;
}
