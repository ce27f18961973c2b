// Validation: converts a caller's value to an input of the graph, or gives a message about why it is invalid.
// Nothing is repaired: a value is used as it is, counts as missing, or is refused, as in inference/kinds.

/** @import { Contract, Column, Values } from "./types.js" */
import { FIRST_DAY, isoDate, LAST_DAY, readDay, readsFormat } from "./dates.js";
import { general, numberText, quotedText } from "./python_text.js";
import { didYouMean, nearest, quoted, quotedNames, shown } from "./wording.js";

/** @type {WeakMap<Column, Map<string, string>>} */
const SPELLINGS = new WeakMap(); // found once for each column
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
 * @param {{ required?: boolean }} [options] whether what must be given must be
 * @returns {Record<string, number | string>}
 */
export function checkRow(contract, values, { required = true } = {}) {
  for (const name of Object.keys(values)) checkName(contract, name);
  /** @type {Record<string, number | string>} */
  const checked = {};
  for (const column of contract.columns) {
    const asked = required ? column : { ...column, missing_allowed: true };
    checked[column.name] = checkValue(asked, values[column.name]);
  }
  return checked;
}

/**
 * Everything that is wrong with one customer, a field at a time.
 * @param {Contract} contract
 * @param {Values} values
 * @returns {{ field: string, message: string }[]}
 */
export function refusals(contract, values) {
  const names = Object.keys(values).map((name) => () => checkName(contract, name));
  const cells = contract.columns.map((column) => () => checkValue(column, values[column.name]));
  return [...names, ...cells].flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return [{ field: error.column, message: error.message }];
    }
  });
}

/**
 * @param {Contract} contract
 * @param {string} name
 */
function checkName(contract, name) {
  const known = contract.columns.map((column) => column.name);
  if (known.includes(name)) return;
  const hint = didYouMean(nearest(name, known));
  throw new InputError(`unknown column ${quoted(name)}; known: ${quotedNames(known)}.${hint}`, name);
}

/**
 * One value, checked.
 * @param {Column} column
 * @param {unknown} value
 * @param {{ float?: boolean }} [options] how a refusal writes a number: `float` for a file's
 * @returns {number | string}
 */
export function checkValue(column, value, options) {
  if (isMissing(column, value)) {
    if (!column.missing_allowed) refuse(column, "must be given, but it is missing; fill it in");
    return column.kind === "category" ? "" : NaN;
  }
  return { category, date, number }[column.kind](column, value, options);
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
  const given = texts(value);
  const found = given.map((text) => spellings(column).get(folded(text))).find((each) => each !== undefined);
  if (found !== undefined) return found;
  if (column.other && given.length > 0) return column.other;
  const names = column.categories.map((each) => each.value);
  const advice = `correct it or leave it unknown.${given.length > 0 ? didYouMean(nearest(given[0], names)) : ""}`;
  return refuse(column, `must be one of ${names.map(quotedText).join(", ")}, but it is ${shown(value)}; ${advice}`);
}

/**
 * Every spelling of a category column -> the category; "" for a word that means missing.
 * @param {Column} column
 * @returns {Map<string, string>}
 */
export function spellings(column) {
  const before = SPELLINGS.get(column);
  if (before) return before;
  const missing = (column.missing ?? []).map((word) => /** @type {const} */ ([folded(word), ""]));
  const known = column.categories.flatMap(({ value, aliases }) =>
    [value, ...aliases].map((text) => /** @type {const} */ ([folded(text), value])),
  );
  const found = new Map([...missing, ...known]);
  SPELLINGS.set(column, found);
  return found;
}

/**
 * The texts a category's value may be written as; none for what is neither text nor number.
 * @param {unknown} value
 */
function texts(value) {
  if (typeof value === "number" && Number.isSafeInteger(value)) return [value.toFixed(0), value.toFixed(1)];
  if (typeof value === "bigint") return [String(value), `${value}.0`];
  if (typeof value === "number") return [numberText(value)];
  if (typeof value === "boolean") return [shown(value)];
  return typeof value === "string" ? [value] : [];
}

/** @param {string} text */
function folded(text) {
  return text.trim().toLowerCase();
}

/**
 * Days of a date in text, ISO 8601 or as the column has it.
 * @param {Column} column
 * @param {unknown} value
 */
function date(column, value) {
  const days = typeof value === "string" ? readDay(value, column.date_format) : null;
  if (days === null) {
    const format = column.date_format ? quotedText(column.date_format) : "";
    const not = format && !readsFormat(column.date_format ?? "") ? ` (this program does not read ${format})` : "";
    const also = not || (format && ` or as ${format}`);
    const example = `a date such as '2024-03-01'${also}`;
    return refuse(column, `must be ${example}, but it is ${shown(value)}; correct it or leave it unknown`);
  }
  const [low, high] = limits(column) ?? [FIRST_DAY, LAST_DAY];
  if (days < low || days > high) refuseRange(column, `from ${isoDate(low)} to ${isoDate(high)}`, shown(value));
  return days;
}

/**
 * @param {Column} column
 * @param {unknown} value
 * @param {{ float?: boolean }} [options]
 */
function number(column, value, options) {
  if (typeof value !== "number" && typeof value !== "bigint") {
    const advice = "give it without quotes, or leave it unknown";
    return refuse(column, `must be a number, but it is ${shown(value)}; ${advice}`);
  }
  const found = Number(value);
  const given = shown(value, options);
  if (Math.abs(found) > LARGEST) {
    return refuse(column, `must be a finite number in single precision, but it is ${given}; correct it`);
  }
  const [low, high] = limits(column) ?? [-LARGEST, LARGEST];
  const unit = column.unit ? ` ${column.unit}` : "";
  if (found < low || found > high) refuseRange(column, `from ${general(low, 6)} to ${general(high, 6)}${unit}`, given);
  return found;
}

/**
 * @param {Column} column
 * @param {string} wanted
 * @param {string} given
 * @returns {never}
 */
function refuseRange(column, wanted, given) {
  refuse(column, `must be ${wanted}, but it is ${given}; correct it or leave it unknown`);
}

/**
 * @param {Column} column
 * @param {string} reason
 * @returns {never}
 */
function refuse(column, reason) {
  throw new InputError(`column ${quotedText(column.name)} ${reason}`, column.name);
}

/**
 * The limits outside of which a value is refused; null without limits.
 * @param {Column} column
 */
export function limits(column) {
  return column.hard_range === false ? null : column.range;
}
