// Writes numbers for a person as the server's page does (service/number_format.py), and fills in its sentences.

import { isoDate } from "../../javascript/core/dates.js";
import { fixed, general, grouped } from "../../javascript/core/python_text.js";

/** A sentence of words.json with its `{names}` filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The text for one or for many. */
export function byCount(count, one, many) {
  return (count === 1 ? one : many).replace("{count}", grouped(String(count)));
}

/** A number with about three digits that matter. */
export function number(value) {
  const size = Math.abs(value);
  if (size >= 1e15) return general(value, 3);
  if (size >= 100) return grouped(fixed(value, 0));
  return size >= 1 ? grouped(fixed(value, 1)).replace(/\.0$/, "") : general(value, 3);
}

/** A number as a person entered it, without rounding. */
export function entered(value) {
  const whole = Number.isInteger(value) && Math.abs(value) < 1e15;
  return grouped(whole ? String(value) : general(value, 10));
}

/** A value of a column, rounded; a date as its text. */
export function valueOf(column, value) {
  return column.kind === "date" ? isoDate(value) : number(value);
}

/** A value of a column as a person entered it. */
export function enteredIn(column, value) {
  if (typeof value === "string") return value;
  return column.kind === "date" ? isoDate(value) : entered(value);
}

/** The unit that can follow a value; a scale such as `1-100` cannot, it belongs to the label. */
export function unit(column) {
  return /^\d/.test(column.unit) ? "" : column.unit;
}

/** A written number with its unit. */
export function withUnit(column, written) {
  return `${written} ${unit(column)}`.trimEnd();
}

/** A probability; never 0% or 100%, which would promise too much. */
export function percent(share) {
  if (share > 0.99) return ">99%";
  return share < 0.01 ? "<1%" : plainPercent(share);
}

/** A share in percent, without decimals unless told. */
export function plainPercent(share, decimals = 0) {
  return `${fixed(share * 100, decimals)}%`;
}

/** A value as a person would enter it: whole where the column is, else with few digits. */
export function rounded(column, value) {
  if (column.kind === "date") return isoDate(value);
  return column.integer ? Number(fixed(value, 0)) : Number(general(value, 4));
}
