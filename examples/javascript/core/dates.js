// Dates as inputs of the graph, days since 1970-01-01, and back to ISO text, as in inference/dates.py.
// The time of day is dropped, and a time with an offset is taken at its own local date.

const DAY = 86_400_000; // milliseconds
export const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896]; // the years 1 to 9999
const [HOUR, SIXTY, FRACTION] = ["(?:[01]\\d|2[0-3])", "[0-5]\\d", "(?:[.,]\\d+)?"];
const CLOCK = `${HOUR}(?::${SIXTY}(?::${SIXTY}${FRACTION})?|${SIXTY}(?:${SIXTY}${FRACTION})?)?`;
const ISO = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})(?:[T ]${CLOCK}(?:Z|[+-]${CLOCK})?)?$`);

/**
 * Days of an ISO date with hyphens, with or without a time; null where the text is no such date.
 * @param {string} text
 */
export function readDay(text) {
  const day = ISO.exec(text.trim())?.[1];
  if (day === undefined) return null;
  const days = Date.parse(`${day}T00:00:00Z`) / DAY;
  return days >= FIRST_DAY && isoDate(days) === day ? days : null; // 2024-02-30 would become 2024-03-01
}

/**
 * The nearest date as ISO text; outside the years 1 to 9999, the first or last date.
 * @param {number} days
 */
export function isoDate(days) {
  const there = Math.round(Math.min(Math.max(days, FIRST_DAY), LAST_DAY));
  return new Date(there * DAY).toISOString().slice(0, 10);
}
