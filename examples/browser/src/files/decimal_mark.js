// Which sign is the decimal mark of a column, as inference/files/columns/numbers: by certain cells, the file's other
// columns, or not guessed. A point or comma with exactly three digits after it can be either mark.

import { grouped } from "../../../javascript/core/python_text.js";

const SLIPS = 0.05; // of the numbers; cells with the other mark up to here are mistakes
const QUOTED_COMMAS = 0.6; // where the comma parts cells, a number with a decimal comma needs quotes: rarer
const ENOUGH_AMBIGUOUS = 44; // decimals that are not padded end in 0 once in ten: 0.9 ** 44 is 1%
const [CERTAIN_SHARE, MOST_TEXTS] = [0.9, 100_000];
export const THOUSANDS = [".", ",", "'", " "];

const escape = (sign) => sign.replace(/[.']/, "\\$&");
const WHOLE = { ".": wholePattern("."), ",": wholePattern(",") };

function wholePattern(mark) {
  const groups = THOUSANDS.filter((sign) => sign !== mark).map((sign) => `[1-9]\\d{0,2}(?:${escape(sign)}\\d{3})+`);
  return new RegExp(
    `^[+-]? *(?:(?<whole>${groups.join("|")}|\\d+)(?:\\${mark}\\d*)?|\\${mark}\\d+)(?:e[+-]?\\d+)?$`,
    "i",
  );
}

/** How a text that may be a number is written; null where it is none. */
export function shapeOf(text) {
  const fits = [".", ","].flatMap((mark) => {
    const whole = WHOLE[mark].exec(text)?.groups.whole;
    return WHOLE[mark].test(text) ? [[mark, whole?.match(/[^\d]/)?.[0] ?? ""]] : [];
  });
  if (fits.length === 0) return null;
  const marked = /[.,]/.exec(text)?.[0] ?? "";
  return {
    thousands: new Map(fits), // decimal mark -> the mark between thousands under it
    marked,
    ambiguous: marked !== "" && fits.length > 1,
    large: /^[+-]? *\d{4,}/.test(text),
    zero: /^[+-]? *0+$/.test(text),
  };
}

/** The cells of a column that are numbers, counted by what they show. */
export function countMarks(texts) {
  const counts = {
    certain: new Map(),
    ambiguous: new Map(),
    short: 0,
    large: 0,
    numbers: 0,
    distinct: new Set(),
    shapes: [],
  };
  for (const text of texts.slice(0, MOST_TEXTS)) {
    const shape = shapeOf(text);
    if (shape === null) continue;
    counts.shapes.push(shape);
    counts.numbers += 1;
    counts.large += shape.large;
    if (shape.ambiguous) {
      add(counts.ambiguous, shape.marked);
      counts.distinct.add(text);
    } else if (shape.marked) add(counts.certain, [...shape.thousands.keys()][0]);
    else if (!(shape.large || shape.zero || shape.thousands.get("."))) counts.short += 1;
  }
  return counts;
}

/** The mark that a column's own cells leave no doubt about, or empty. */
export function certainMark(texts, separator) {
  const counts = countMarks(texts);
  if (counts.numbers === 0 || counts.numbers < CERTAIN_SHARE * texts.length) return "";
  const found = ownMark(counts, { separator, mark: "" });
  return found?.certain ? found.mark : "";
}

/**
 * The decimal mark of a column, or what was seen where it cannot be decided.
 * @param hints of the file: its separator, and the mark that its columns certainly have
 * @param expected the mark in training
 */
export function findMark(counts, hints, expected) {
  const own = ownMark(counts, hints);
  if (own !== null) return own;
  if (counts.ambiguous.size === 0) return { mark: hints.mark || expected };
  if (counts.ambiguous.size > 1) {
    const [points, commas] = [".", ","].map((mark) => cells(counts.ambiguous.get(mark)));
    return { refusal: `${points} like 1.234 and ${commas} like 1,234` };
  }
  return byCircumstances(counts, hints, expected);
}

function ownMark({ certain, ambiguous, numbers }, hints) {
  if (certain.size === 0) return null;
  const [[mark, most], ...others] = [...certain].sort((one, other) => other[1] - one[1]);
  const other = others.reduce((sum, [, count]) => sum + count, 0);
  if (other > SLIPS * most) {
    return { refusal: `${cells(most)} can only have the decimal mark '${mark}' and ${cells(other)} only another` };
  }
  if (mark === "," && hints.mark !== "," && hints.separator !== ";") {
    const share = hints.separator === "," ? QUOTED_COMMAS : SLIPS;
    const unambiguous = numbers - total(ambiguous);
    if (most < share * unambiguous) return ambiguous.size > 0 ? null : { mark: ".", shown: true };
  }
  return { mark, certain: true, shown: true };
}

/** Where every mark is in a number such as `2.076`: thousands next to short numbers, or not guessed. */
function byCircumstances(counts, hints, expected) {
  const [[held, count]] = counts.ambiguous;
  const seen = [
    `numbers like 2${held}076, with exactly three digits after the ${held === "." ? "point" : "comma"}: ${grouped(String(count))}`,
    `numbers of four digits without it: ${grouped(String(counts.large))}`,
  ];
  const [own, because] = suggested(counts, held, hints.separator);
  const known = new Set([hints.mark || expected, own].filter(Boolean));
  if (known.size === 1) {
    const [mark] = known;
    const reasons = own ? [because] : [];
    if (hints.mark === mark) reasons.push(`other columns of the file have the decimal mark '${mark}'`);
    else if (expected === mark) reasons.push(`the earlier file had the decimal mark '${mark}'`);
    return { mark, shown: true, because: reasons.join(" and ") };
  }
  if (known.size > 1) {
    seen.push(
      `${hints.mark ? "other columns have" : "the earlier file had"} '${hints.mark || expected}', and these suggest '${own}'`,
    );
  }
  return { refusal: seen.join("; ") };
}

/** The decimal mark that the column itself suggests and why, both empty where nothing does. */
function suggested(counts, held, separator) {
  const other = held === "." ? "," : ".";
  const separated = `the separator is '${separator}'`;
  const usual = separator === (held === "." ? ";" : ",");
  if (counts.large > SLIPS * counts.ambiguous.get(held)) {
    const whole = `${cells(counts.large)} of four digits or more ${have(counts.large)} no mark`;
    return held === "." || separator !== "," ? [held, whole] : ["", ""];
  }
  const short = `${cells(counts.short)} of up to three digits and none of more ${have(counts.short)} no mark`;
  if (counts.short && !counts.large && (usual || counts.distinct.size >= ENOUGH_AMBIGUOUS)) {
    return [other, usual ? `${short} and ${separated}` : short];
  }
  if (held === "," && separator === "," && !counts.short && !counts.large) return [other, separated];
  return ["", ""];
}

function add(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function cells(count) {
  return `${grouped(String(count))} cell${count === 1 ? "" : "s"}`;
}

function have(count) {
  return count === 1 ? "has" : "have";
}
