// Round values along an axis, as they are written and as numbers, as service/kinds/scales.py and date_view.py.

import { DAY, isoDate } from "../../javascript/core/dates.js";
import { roundUp } from "./scales.js";
import { number } from "./written.js";

const TICKS = 7;
const NO_TICK = 2; // of a logarithmic scale; smaller numbers stand too near to zero
const DATE_TICKS = 4; // dates are long
const MONTHS = [1, 2, 3, 6, ...[1, 2, 5, 10, 20, 50, 100, 1000].map((years) => 12 * years)];
const STEPS = [[1, 2, 5], [1, 3], [1]]; // of each power of ten

/** The ticks of a column's scale: pairs of text and value. */
export function ticks(column, scale) {
  if (column.kind === "date") return writtenDays(days(scale));
  const found = scale.log ? amounts(scale) : even(scale, TICKS);
  return found.map((value) => [number(value), value]);
}

function even({ low, high }, count) {
  const gap = roundUp((high - low) / count);
  const [first, last] = [Math.ceil(low / gap - 1e-9), Math.floor(high / gap + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * gap);
}

/** Zero and 1, 2 and 5 of each power of ten, or fewer. */
function amounts(scale) {
  const { low, high } = scale;
  const most = Math.max(0, Math.ceil(Math.log10(high + 1)));
  const powers = Array.from({ length: most + 1 }, (_, power) => 10 ** power);
  const choices = STEPS.map((factors) => [
    ...(low <= 0 ? [0] : []),
    ...powers
      .flatMap((power) => factors.map((factor) => factor * power))
      .filter((tick) => Math.max(low, NO_TICK) <= tick && tick <= high),
  ]);
  const found = choices.find(({ length }) => length <= TICKS) ?? choices.at(-1);
  const apart = Math.ceil(found.length / TICKS);
  const kept = found.filter((_, place) => place % apart === 0);
  return kept.length > 1 ? kept : even(scale, TICKS);
}

/** The first days of months, few enough; two or three even ones on a stretch with less than two of them. */
function days(scale) {
  const [first, last] = [scale.low, scale.high].map(monthOf);
  for (const gap of MONTHS) {
    const start = Math.ceil(first / gap);
    const months = Array.from({ length: Math.max(0, Math.floor(last / gap) - start + 1) }, (_, at) => (start + at) * gap);
    const found = months.map((month) => Date.UTC(1970, month) / DAY).filter((day) => day >= scale.low);
    if (found.length <= DATE_TICKS) return found.length > 1 ? found : even(scale, 2);
  }
  return even(scale, 2);
}

/** Months since January 1970. */
function monthOf(day) {
  const [year, month] = isoDate(day).split("-").map(Number);
  return (year - 1970) * 12 + month - 1;
}

/** Without the parts that are the same for all of them. */
function writtenDays(found) {
  const written = found.map(isoDate);
  const rest = ["-01-01", "-01"].find((end) => written.every((text) => text.endsWith(end))) ?? "";
  return found.map((day, at) => [written[at].slice(0, written[at].length - rest.length), day]);
}
