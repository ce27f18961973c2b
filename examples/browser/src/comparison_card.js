// The customer compared with the segment, column by column, as service/page/views/comparison_card.py.

import { readDay } from "../../javascript/core/dates.js";
import { drawn, element } from "./dom.js";
import { scaleOf } from "./scales.js";
import { filled, words } from "./language.js";
import { byCount, enteredIn, valueOf, withUnit } from "./written.js";

const MOST_COMPARED = 6; // columns; further ones unfold
const THINNEST = 0.006; // of a band, so that it can be seen

/** The middle half of the segment as a band, and the customer as a mark on it; one row per number or date. */
export function comparisonCard(contract, { answer, values }) {
  const segment = contract.segments[answer.segmentId];
  const columns = [...contract.columns].sort(
    (one, other) => (one.role !== "clustering") - (other.role !== "clustering"),
  );
  const rows = columns
    .filter(({ name, kind }) => kind !== "category" && (segment.profile[name]?.median ?? null) !== null)
    .map((column) => row(column, segment.profile[column.name], values[column.name]));
  const more = rows.slice(MOST_COMPARED);
  const title = byCount(more.length, words.COMPARE_MORE);
  return element(
    "section",
    { class: `card seg-${segment.id % 10}` },
    element("h2", {}, words.COMPARE_TITLE),
    element("p", { class: "hint" }, filled(words.COMPARE_NOTE, { segment: segment.name })),
    element("div", { class: "compare" }, ...rows.slice(0, MOST_COMPARED)),
    ...(more.length > 0
      ? [element("details", {}, element("summary", {}, title), element("div", { class: "compare" }, ...more))]
      : []),
  );
}

function row(column, { q25, q75 }, value) {
  const written = value === null ? words.COMPARE_UNKNOWN : withUnit(column, enteredIn(column, value));
  const span = filled(words.TO, { low: valueOf(column, q25), high: withUnit(column, valueOf(column, q75)) });
  return element(
    "div",
    { class: "row" },
    element("span", { class: "label" }, column.label),
    element("span", { class: "figure" }, written),
    track(scaleOf(column), q25, q75, column.kind === "date" && value !== null ? readDay(value) : value),
    element("span", { class: "hint" }, span),
  );
}

function track(scale, q25, q75, value) {
  const share = (place) => Math.min(1, Math.max(0, (place - scale.low) / (scale.high - scale.low)));
  const [low, high] = [share(q25), share(q75)];
  const width = Math.max(high - low, THINNEST) * 100;
  const band = drawn("rect", { class: "band", x: low * 100, y: 0, width, height: 10 });
  const mark =
    value === null
      ? []
      : [drawn("line", { class: "mark", x1: share(value) * 100, x2: share(value) * 100, y1: 0, y2: 10 })];
  return drawn(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", class: "both-ways" },
    band,
    ...mark,
  );
}
