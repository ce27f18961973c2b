// The segments, one card each: size, tier, value, typical customers and what to do, in the words of Model info.

import { title } from "../../javascript/core/contract.js";
import { advised, tierTag, titled, worth } from "./answer_card.js";
import { element } from "./dom.js";
import { filled, words } from "./language.js";
import { decimals, grouped, plainPercent, valueOf } from "./written.js";

/** Fills the list of the segments. */
export function showSegments(place, contract) {
  const notes = [
    words.SEGMENTS_NOTE,
    ...(contract.segments.some(({ index }) => index !== null) ? [words.INDEX_NOTE] : []),
    ...(contract.segments.some(({ rate_index: rate }) => (rate ?? null) !== null) ? [words.RATE_NOTE] : []),
  ];
  place.replaceChildren(
    element("p", { class: "hint" }, notes.join(" ")),
    element("ul", { class: "segments" }, ...contract.segments.map((segment) => card(contract, segment))),
  );
}

function card(contract, segment) {
  return element(
    "li",
    { class: `segment seg-${segment.id % 10}` },
    element("h3", { class: "swatched" }, segment.name),
    element("p", { class: "tags" }, ...tierTag(segment.tier, words.TIERS_SHORT), ...potential(segment)),
    titled(words.ACTION, ...advised(segment)),
    worth(segment),
    element("dl", {}, ...figures(segment), ...contract.columns.flatMap((column) => typical(column, segment))),
  );
}

function potential(segment) {
  return segment.high_potential ? [element("span", { class: "tag" }, words.HIGH_POTENTIAL)] : [];
}

function figures({ size, share, index, rate_index: rate }) {
  const written = [[words.COL_CUSTOMERS, grouped(size), plainPercent(share, 1)]];
  const rated = (rate ?? null) === null ? "" : filled(words.RATE, { index: decimals(rate, 2) });
  if (index !== null) written.push([words.COL_INDEX, decimals(index, 2), rated]);
  return written.map((entry) => term(...entry));
}

function typical(column, segment) {
  const found = segment.profile[column.name];
  const [main, below] = column.categories.length > 0 ? shares(found ?? {}) : quartiles(column, found);
  return [term(title(column), main, below)];
}

function shares(found) {
  const known = Object.entries(found)
    .filter(([, share]) => share !== null)
    .sort(([, one], [, other]) => other - one);
  const [first, ...others] = known.map(([value, share]) => `${value} ${plainPercent(share)}`);
  return first === undefined ? [words.NONE, ""] : [first, others.slice(0, 2).join(", ")];
}

function quartiles(column, found) {
  if (!found || Object.values(found).includes(null)) return [words.NONE, ""];
  const [low, middle, high] = [found.q25, found.median, found.q75].map((level) => valueOf(column, level));
  return [middle, filled(words.TO, { low, high })];
}

function term(name, main, below) {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, main, ...(below ? [" ", element("small", {}, below)] : [])),
  );
}
