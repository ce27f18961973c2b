// Customers as the form holds them, as service/customer_values.py: column -> value, null for unknown.

import { isoDate, readDay } from "../../javascript/core/dates.js";
import { readCell } from "../../javascript/core/table.js";
import { refusals, spellings } from "../../javascript/core/validation.js";
import { scaleOf } from "./scales.js";
import { rounded } from "./written.js";

/** Nothing known; a column that must not be missing gets what is most common. */
export function unknownCustomer(contract) {
  return Object.fromEntries(
    contract.columns.map((column) => [column.name, column.missing_allowed ? null : usual(contract, column)]),
  );
}

/** The medians and the most frequent categories of a segment. */
export function typicalCustomer(contract, segment) {
  const customer = unknownCustomer(contract);
  for (const column of contract.columns) customer[column.name] = typical(column, segment) ?? customer[column.name];
  return customer;
}

/** The customer in a link's query, column -> text; null where it names no column. What cannot be read is unknown. */
export function linkedCustomer(contract, query) {
  if (!contract.columns.some(({ name }) => query.has(name))) return null;
  return Object.fromEntries(
    contract.columns.map((column) => [column.name, linked(column, query.get(column.name) ?? "")]),
  );
}

/** A link to the page with what is known and can be used. */
export function linkTo(contract, address, values) {
  const refused = new Set(refusals(contract, values).map(({ field }) => field));
  const known = Object.entries(values).filter(([name, value]) => value !== null && !refused.has(name));
  return `${address}?${new URLSearchParams(known.map(([name, value]) => [name, String(value)]))}`;
}

function usual(contract, column) {
  const found = common(contract, column);
  return column.kind === "number" ? rounded(column, found) : found;
}

function typical(column, segment) {
  const found = segment.profile[column.name];
  if (column.kind === "category") {
    const known = Object.entries(found ?? {}).filter(([, share]) => share !== null);
    return known.length > 0 ? known.reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0] : null;
  }
  return found && found.median !== null ? rounded(column, found.median) : null;
}

/** What is most common in training: the median, a date as ISO text, or the most frequent category. */
export function common(contract, column) {
  if (column.kind === "category") return mostFrequent(contract, column);
  const { low, high } = scaleOf(column);
  const middle = column.quantiles["0.5"] ?? (low + high) / 2;
  return column.kind === "date" ? isoDate(middle) : middle;
}

function mostFrequent(contract, column) {
  const counts = contract.histograms?.columns?.[column.name]?.counts ?? {};
  return column.categories
    .map(({ value }) => value)
    .reduce((best, each) => ((counts[each] ?? 0) > (counts[best] ?? 0) ? each : best));
}

function linked(column, text) {
  if (column.kind === "category") return spellings(column).get(text.trim().toLowerCase()) ?? null;
  if (column.kind === "date") {
    const day = readDay(text, column.date_format);
    return day === null ? null : isoDate(day);
  }
  const value = readCell(column, text);
  return Number.isFinite(value) ? value : null;
}
