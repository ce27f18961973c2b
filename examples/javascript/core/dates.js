// Dates as inputs of the graph, days since 1970-01-01, and back to ISO text, as in inference/dates.py.
// The time of day is dropped, and a time with an offset is taken at its own local date.

export const DAY = 86_400_000; // milliseconds
export const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896]; // the years 1 to 9999
const [HOUR, SIXTY, FRACTION] = ["(?:[01]\\d|2[0-3])", "[0-5]\\d", "(?:[.,]\\d+)?"];
const CLOCK = `${HOUR}(?::${SIXTY}(?::${SIXTY}${FRACTION})?|${SIXTY}(?:${SIXTY}${FRACTION})?)?`;
const ISO = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})(?:[T ]${CLOCK}(?:Z|[+-]${CLOCK})?)?$`);
const DIRECTIVES = /** @type {const} */ ({
  d: "(?<d>\\d{1,2})",
  m: "(?<m>\\d{1,2})",
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  H: "\\d{1,2}",
  M: "\\d{1,2}",
  S: "\\d{1,2}",
  "%": "%",
}); // of Python's strptime; a format with others is not read

/**
 * Days of an ISO date with hyphens, with or without a time, or of a date in a format of strptime; null where the
 * text is no such date.
 * @param {string} text
 * @param {string} [format]
 */
export function readDay(text, format = "") {
  const stripped = text.trim();
  const day = ISO.exec(stripped)?.[1];
  return (day === undefined ? null : daysOf(day)) ?? (format ? byFormat(stripped, format) : null);
}

/**
 * Whether all of a format of strptime is read here.
 * @param {string} format
 */
export function readsFormat(format) {
  return format.split(/%(.)/su).every((part, at) => at % 2 === 0 || part in DIRECTIVES);
}

/** @param {string} day as ISO text */
function daysOf(day) {
  const days = Date.parse(`${day}T00:00:00Z`) / DAY;
  return days >= FIRST_DAY && isoDate(days) === day ? days : null; // 2024-02-30 would become 2024-03-01
}

/**
 * @param {string} text
 * @param {string} format
 */
function byFormat(text, format) {
  if (!readsFormat(format)) return null;
  const pattern = format.split(/%(.)/su).map((part, at) =>
    // every other one is a directive
    at % 2 === 1
      ? DIRECTIVES[/** @type {keyof typeof DIRECTIVES} */ (part)]
      : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  const { d, m, Y, y } = new RegExp(`^${pattern.join("")}$`, "u").exec(text)?.groups ?? {};
  const year = Y ?? (y && (Number(y) < 69 ? `20${y}` : `19${y}`));
  return year && m && d ? daysOf(`${year}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`) : null;
}

/**
 * The nearest date as ISO text; outside the years 1 to 9999, the first or last date.
 * @param {number} days
 */
export function isoDate(days) {
  const there = Math.round(Math.min(Math.max(days, FIRST_DAY), LAST_DAY));
  return new Date(there * DAY).toISOString().slice(0, 10);
}
