// Why the answer is what it is, as service/page/views/explanation_card.py: bars for what each value adds.

import { ranked } from "../../javascript/core/explanation.js";
import { fixed } from "../../javascript/core/python_text.js";
import { drawn, element } from "./dom.js";
import { filled, listed, sentence, words } from "./language.js";
import { byCount, enteredIn, percent, withUnit } from "./written.js";

const MOST_SHOWN = 6; // values with a bar of their own
const LEAST_NAMED_SHARE = 0.05; // of the probability; less is no reason to name in one line
const SMALLEST_FULL = 0.1; // of the probability; below it bars would look more important than they are

/** The values that count: bars to the right support the segment, bars to the left argue against it. */
export function reasonsCard(contract, { answer, why, values }) {
  const known = named(contract, why).filter(({ name }) => !why.unknown.includes(name) && !why.unused.includes(name));
  const full = Math.max(SMALLEST_FULL, ...known.map(({ share }) => Math.abs(share)));
  const rows = known.slice(0, MOST_SHOWN).map(({ column, share }) => row(column, values[column.name], share, full));
  const title = answer.enough ? words.WHY_TITLE : words.WHY_TITLE_UNSURE;
  const lead = filled(words.WHY_LEAD, { start: percent(why.base), end: percent(answer.probability) });
  return element(
    "section",
    { class: `card seg-${answer.segmentId % 10}` },
    element("h2", {}, filled(title, { segment: why.segment })),
    element("p", { class: "hint" }, lead),
    element("ol", { class: "reasons" }, ...rows),
    ...rest(known.slice(MOST_SHOWN)),
    ...line(contract, words.WHY_UNUSED, why.unused),
    ...line(contract, words.WHY_UNKNOWN, why.unknown),
    ...(why.exact ? [] : [element("p", { class: "hint" }, words.WHY_SAMPLED)]),
  );
}

/** The one or two values that support the segment most; may be empty. */
export function mainReasons(contract, why, values) {
  const strong = named(contract, why)
    .filter(({ share }) => share >= LEAST_NAMED_SHARE)
    .slice(0, 2);
  return listed(
    strong.map(
      ({ column }) => `${inner(column.label)} ${written(column, values[column.name]).replaceAll(" ", "\u00a0")}`,
    ),
  );
}

function named(contract, why) {
  return ranked(why).map(([name, share]) => ({
    name,
    share,
    column: contract.columns.find((each) => each.name === name),
  }));
}

function row(column, value, share, full) {
  const length = (Math.abs(share) / full) * 50;
  const bar = drawn(
    "svg",
    { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", class: "both-ways" },
    drawn("rect", {
      class: share >= 0 ? "for" : "against",
      x: share >= 0 ? 50 : 50 - length,
      y: 0,
      width: length,
      height: 10,
    }),
    drawn("line", { x1: 50, x2: 50, y1: 0, y2: 10 }),
  );
  return element(
    "li",
    {},
    element("span", { class: "label" }, element("b", {}, column.label), ` ${written(column, value)}`),
    bar,
    element("span", { class: "figure" }, points(share)),
  );
}

/** A contribution in percentage points, with its sign. */
function points(share) {
  const whole = Number(fixed(share * 100, 0));
  return whole === 0 ? "0" : `${whole > 0 ? "+" : "\u2212"}${Math.abs(whole)}`;
}

function rest(known) {
  if (known.length === 0) return [];
  const together = points(known.reduce((sum, { share }) => sum + share, 0));
  const text = filled(byCount(known.length, words.WHY_REST), { points: together });
  return [element("p", { class: "hint" }, text)];
}

function line(contract, title, names) {
  if (names.length === 0) return [];
  const labels = listed(names.map((name) => contract.columns.find((column) => column.name === name).label));
  return [element("p", { class: "hint" }, element("b", {}, title), ` ${sentence(labels)}`)];
}

function written(column, value) {
  return typeof value === "string" ? value : withUnit(column, enteredIn(column, value));
}

/** A label inside a sentence; `VIP score` keeps its capitals. */
function inner(label) {
  return /^.\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
