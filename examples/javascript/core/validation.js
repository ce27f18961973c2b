// Validation: converts a caller's value to an input of the graph, or gives a message about why it is invalid.
// Nothing is repaired: a value is used as it is, counts as missing, or is refused, as in inference/kinds.

/** @import { Contract, Column, Values } from "./types.js" */
import { FIRST_DAY, isoDate, LAST_DAY, readDay } from "./dates.js";

const LARGEST = 3.4028234663852886e38; // of single precision

/** The caller's value is invalid; `column` is its column. */
export class InputError extends Error {
  /**
   * @param {string} message
   * @param {string} column
   */
  constructor(message, column) {
    super(message);
    this.column = column;
  }
}

/**
 * One customer, checked: column name -> number or days of a date (NaN = missing), or known category ("" = missing).
 * @param {Contract} contract
 * @param {Values} values
 * @returns {Record<string, number | string>}
 */
export function checkRow(contract, values) {
  for (const name of Object.keys(values)) {
    if (!contract.columns.some((column) => column.name === name)) {
      const known = contract.columns.map((column) => column.name);
      const sentence = `unknown column ${shown(name)}; known: ${listed(known)}.${hint(name, known)}`;
      throw new InputError(sentence, name);
    }
  }
  /** @type {Record<string, number | string>} */
  const checked = {};
  for (const column of contract.columns) checked[column.name] = checkValue(column, values[column.name]);
  return checked;
}

/**
 * One value, checked.
 * @param {Column} column
 * @param {unknown} value
 * @returns {number | string}
 */
export function checkValue(column, value) {
  if (isMissing(column, value)) {
    if (!column.missing_allowed) refuse(column, "must be given, but it is missing; fill it in");
    return column.kind === "category" ? "" : NaN;
  }
  return { category, date, number }[column.kind](column, value);
}

/**
 * @param {Column} column
 * @param {unknown} value
 */
function isMissing(column, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return true;
  return column.kind !== "number" && typeof value === "string" && value.trim() === "";
}

/**
 * A known spelling, else `other` where there is one. A number counts as its text: 3 as "3" and as "3.0".
 * @param {Column} column
 * @param {unknown} value
 */
function category(column, value) {
  const given = texts(value).map(folded);
  for (const { value: known, aliases } of column.categories) {
    if ([known, ...aliases].some((text) => given.includes(folded(text)))) return known;
  }
  if (column.other && given.length > 0) return column.other;
  const names = column.categories.map((each) => each.value);
  const advice = `correct it or leave it unknown.${hint(String(value).trim(), names)}`;
  return refuse(column, `must be one of ${listed(names)}, but it is ${shown(value)}; ${advice}`);
}

/**
 * The texts a category's value may be written as; none for what is neither text nor number.
 * @param {unknown} value
 */
function texts(value) {
  if (typeof value === "number" && Number.isSafeInteger(value)) return [value.toFixed(0), value.toFixed(1)];
  if (typeof value === "bigint") return [String(value), `${value}.0`];
  return ["string", "number", "boolean"].includes(typeof value) ? [String(value)] : [];
}

/** @param {string} text */
function folded(text) {
  return text.trim().toLowerCase();
}

/**
 * Days of an ISO date in text, with or without a time.
 * @param {Column} column
 * @param {unknown} value
 */
function date(column, value) {
  const days = typeof value === "string" ? readDay(value) : null;
  if (days === null) {
    const foreign = column.date_format && !column.date_format.startsWith("%Y-%m-%d");
    const not = foreign ? ` (this program does not read '${column.date_format}')` : "";
    const example = `a date such as '2024-03-01'${not}`;
    return refuse(column, `must be ${example}, but it is ${shown(value)}; correct it or leave it unknown`);
  }
  const [low, high] = limits(column) ?? [FIRST_DAY, LAST_DAY];
  if (days < low || days > high) {
    const wanted = `from ${isoDate(low)} to ${isoDate(high)}`;
    return refuse(column, `must be ${wanted}, but it is ${shown(value)}; correct it or leave it unknown`);
  }
  return days;
}

/**
 * @param {Column} column
 * @param {unknown} value
 */
function number(column, value) {
  if (typeof value !== "number" && typeof value !== "bigint") {
    const advice = "give it without quotes, or leave it unknown";
    return refuse(column, `must be a number, but it is ${shown(value)}; ${advice}`);
  }
  const found = Number(value);
  if (Math.abs(found) > LARGEST) {
    return refuse(column, `must be a finite number in single precision, but it is ${shown(value)}; correct it`);
  }
  const [low, high] = limits(column) ?? [-LARGEST, LARGEST];
  if (found < low || found > high) {
    const wanted = `from ${general(low)} to ${general(high)}${column.unit ? ` ${column.unit}` : ""}`;
    return refuse(column, `must be ${wanted}, but it is ${shown(value)}; correct it or leave it unknown`);
  }
  return found;
}

/**
 * @param {Column} column
 * @param {string} reason
 * @returns {never}
 */
function refuse(column, reason) {
  throw new InputError(`column ${shown(column.name)} ${reason}`, column.name);
}

/** @param {unknown} value */
function shown(value) {
  const text = typeof value === "string" ? `'${value}'` : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** @param {string[]} names */
export function listed(names) {
  return names.map((name) => `'${name}'`).join(", ");
}

/**
 * Six significant digits, as C's %g.
 * @param {number} value
 */
function general(value) {
  const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (size >= -4 && size < 6) return String(Number(value.toPrecision(6)));
  const [digits, power] = Number(value.toPrecision(6)).toExponential().split("e");
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/**
 * " Did you mean 'Male'?" when a name shares most of its letters with what was given.
 * @param {string} given
 * @param {string[]} names
 */
function hint(given, names) {
  let best = 0.6;
  let near = "";
  for (const name of names) {
    const alike = (2 * common(given, name)) / (given.length + name.length);
    if (alike >= best) [best, near] = [alike, name];
  }
  return near && ` Did you mean '${near}'?`;
}

/**
 * Length of the longest common subsequence.
 * @param {string} one
 * @param {string} other
 */
function common(one, other) {
  let row = new Array(other.length + 1).fill(0);
  for (const letter of one) {
    const next = [0];
    for (let at = 1; at <= other.length; at += 1) {
      next.push(letter === other[at - 1] ? row[at - 1] + 1 : Math.max(row[at], next[at - 1]));
    }
    row = next;
  }
  return row[other.length];
}

/**
 * The limits outside of which a value is refused; null without limits.
 * @param {Column} column
 */
export function limits(column) {
  return column.hard_range === false ? null : column.range;
}
