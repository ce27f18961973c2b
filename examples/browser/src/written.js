// Writes numbers and dates for a person as the server's page does (service/languages/number_format.py).

import { isoDate } from "../../javascript/core/dates.js";
import { fixed, general, grouped as inThrees } from "../../javascript/core/python_text.js";
import { apart, words } from "./language.js";

/** The text for a count; `{count}` in it is the number, grouped. */
export function byCount(count, forms) {
  const form = new Intl.PluralRules(words.LANGUAGE.code).select(count);
  return (forms[form] ?? forms.other).replace("{count}", grouped(count));
}

/** A whole number with all its digits. */
export function grouped(count) {
  return localised(inThrees(fixed(count, 0)));
}

/** A number with so many decimals. */
export function decimals(value, places) {
  return localised(inThrees(fixed(value, places)));
}

/** A number with about three digits that matter. */
export function number(value) {
  const size = Math.abs(value);
  if (size < 1 || size >= 1e15) return localised(general(value, 3));
  return size >= 100 ? grouped(value) : localised(inThrees(fixed(value, 1)).replace(/\.0$/, ""));
}

/** A number as a person entered it, without rounding. */
export function entered(value) {
  const whole = Number.isInteger(value) && Math.abs(value) < 1e15;
  return localised(inThrees(whole ? String(value) : general(value, 10)));
}

/** A number that is written as in English, with the marks of the reader's language. */
function localised(written) {
  const { group, decimal, least_grouped: least } = words.LANGUAGE;
  const [whole, ...after] = written.split(".");
  const few = (whole.match(/\d/g) ?? []).length < least;
  return [whole.replaceAll(",", few ? "" : group), ...after].join(decimal);
}

/** A date of ISO 8601 in the form of the reader's language. */
export function day(iso) {
  const [year, month, date] = iso.split("-");
  const parts = { "%Y": year, "%m": month, "%d": date };
  return words.LANGUAGE.date.replace(/%\w/g, (part) => parts[part]);
}

/** A value of a column, rounded; a date as its text. */
export function valueOf(column, value) {
  return column.kind === "date" ? day(isoDate(value)) : number(value);
}

/** A value of a column as a person entered it; a date is given as ISO text. */
export function enteredIn(column, value) {
  return column.kind === "date" ? day(value) : entered(value);
}

/** The unit that can follow a value; a scale such as `1-100` cannot, it belongs to the label. */
export function unit(column) {
  return /^\d/.test(column.unit) ? "" : column.unit;
}

/** A written number with its unit. */
export function withUnit(column, written) {
  return unit(column) ? apart(`${written} ${unit(column)}`) : written;
}

/** A probability; never 0% or 100%, which would promise too much. */
export function percent(share) {
  if (share > 0.99) return `>${plainPercent(0.99)}`;
  return share < 0.01 ? `<${plainPercent(0.01)}` : plainPercent(share);
}

/** A share in percent, without decimals unless told. */
export function plainPercent(share, places = 0) {
  return `${localised(fixed(share * 100, places))}${words.LANGUAGE.percent}`;
}

/** A value as a person would enter it: whole where the column is, else with few digits. */
export function rounded(column, value) {
  if (column.kind === "date") return isoDate(value);
  return column.integer ? Number(fixed(value, 0)) : Number(general(value, 4));
}

/** A value as it is in a field: a number with the decimal mark of the language, and without groups. */
export function inField(value) {
  return typeof value === "number" ? String(value).replace(".", words.LANGUAGE.decimal) : (value ?? "");
}
