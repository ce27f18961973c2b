// Lists, quotes and suggestions of a sentence, as in inference/wording.py.

import { numberText, quotedText } from "./python_text.js";

const [QUOTED, LISTED, LONGEST, COMPARED] = [40, 100, 60, 200]; // characters
const ALIKE = 0.6; // share of the letters from which a name is suggested

/**
 * Items as a list in a sentence: `1, 2 and 3`.
 * @param {readonly string[]} items
 * @param {string} [last]
 */
export function listed(items, last = "and") {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/**
 * A value as a refusal quotes it.
 * @param {unknown} value
 * @param {{ float?: boolean }} [options]
 */
export function shown(value, options) {
  const text = written(value, options);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}

/**
 * @param {unknown} value
 * @param {{ float?: boolean }} [options]
 */
function written(value, options) {
  if (typeof value === "string") return quotedText(value);
  if (typeof value === "number") return numberText(value, options);
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

/**
 * A name in quotes, shortened.
 * @param {string} name
 */
export function quoted(name) {
  const text = quotedText(name.slice(0, QUOTED + 1));
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED - 3)}...`;
}

/**
 * Names as a list in a sentence, shortened; at least one is shown.
 * @param {readonly string[]} names
 * @param {number} [most]
 */
export function quotedNames(names, most = LISTED) {
  let text = "";
  for (const [place, name] of names.entries()) {
    const longer = text ? `${text}, ${quoted(name)}` : quoted(name);
    if (text && longer.length > most) return `${text} and ${(names.length - place).toLocaleString("en")} more`;
    text = longer;
  }
  return text || "none";
}

/**
 * The known name with the most similar spelling, or "" when none is similar.
 * @param {string} wanted
 * @param {readonly string[]} known
 * @param {(text: string) => string} [fold]
 */
export function nearest(wanted, known, fold = (text) => text.toLowerCase()) {
  const folded = new Map(
    [...known]
      .reverse()
      .filter(Boolean)
      .map((name) => [fold(name.slice(0, COMPARED)), name]),
  );
  const given = fold(wanted.slice(0, COMPARED).trim());
  let [best, near] = [ALIKE, ""];
  for (const name of folded.keys()) {
    const ratio = name.length + given.length ? (2 * common(name, given)) / (name.length + given.length) : 1;
    if (ratio > best || (ratio === best && name > near)) [best, near] = [ratio, name];
  }
  return folded.get(near) ?? "";
}

/**
 * The question after a sentence; empty without a suggestion.
 * @param {string} suggestion
 */
export function didYouMean(suggestion) {
  return suggestion ? ` Did you mean ${quoted(suggestion)}?` : "";
}

/**
 * Letters in common: the longest run of letters in both, and the same before and after it, as `difflib`.
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
function common(one, other) {
  const { size, at, from } = longestRun(one, other);
  if (size === 0) return 0;
  const after = common(one.slice(at + size), other.slice(from + size));
  return size + common(one.slice(0, at), other.slice(0, from)) + after;
}

/**
 * The longest run of letters in both texts: the first in `one`, and of those the first in `other`.
 * @param {string} one
 * @param {string} other
 */
function longestRun(one, other) {
  let best = { size: 0, at: 0, from: 0 };
  let lengths = new Array(other.length + 1).fill(0);
  for (let at = 1; at <= one.length; at += 1) {
    const next = new Array(other.length + 1).fill(0);
    for (let from = 1; from <= other.length; from += 1) {
      if (one[at - 1] !== other[from - 1]) continue;
      const size = (next[from] = lengths[from - 1] + 1);
      if (size > best.size) best = { size, at: at - size, from: from - size };
    }
    lengths = next;
  }
  return best;
}
