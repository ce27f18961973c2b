// The answer in words, as service/page/views/answer_card.py: the segment, or why none is named.

import { element } from "./dom.js";
import { mainReasons } from "./reasons_card.js";
import { filled, inEnglish, listed, pieces, sentence, term, words } from "./language.js";
import { byCount, decimals, number, percent, plainPercent } from "./written.js";

/** A card with a message in place of an answer. */
export function message(title, text, kind) {
  return element("section", { class: `card message ${kind}` }, element("h2", {}, title), element("p", {}, text));
}

/** The card of the answer. */
export function answerCard(contract, { answer, why, values }) {
  if (answer.route === "prior") return message(words.EMPTY_TITLE, words.EMPTY_TEXT, "empty");
  return answer.enough ? segmentCard(contract, answer, why, values) : unsureCard(contract, answer, values);
}

function unsureCard(contract, answer, values) {
  const text = filled(words.UNSURE_TEXT, {
    first: answer.segment,
    percent: percent(answer.probability),
    threshold: plainPercent(contract.thresholds.answer_probability),
  });
  return element(
    "section",
    { class: "card message unsure" },
    element("h2", {}, words.UNSURE_TITLE),
    element("p", {}, text),
    route(contract, answer, values),
  );
}

function segmentCard(contract, answer, why, values) {
  const segment = contract.segments[answer.segmentId];
  const share = element(
    "div",
    { class: "how-sure" },
    element("b", {}, percent(answer.probability)),
    element("span", {}, words.PROBABILITY),
  );
  const who = element("div", { class: "who" }, element("h2", { class: "name" }, segment.name), tags(segment));
  return element(
    "section",
    { class: `card result seg-${segment.id % 10}` },
    element("div", { class: "result-head" }, who, share),
    element("progress", { max: 1, value: answer.probability, "aria-hidden": "true" }),
    titled(words.ACTION, ...advised(segment)),
    worth(segment),
    ...because(contract, why, values),
    route(contract, answer, values),
    ...novelty(answer),
  );
}

/** What to do, and the figures it follows from. */
export function advised({ action, because: figures }) {
  const why = figures ? [" ", ...pieces(words.ACTION_BECAUSE, { figures: inEnglish(figures) })] : [];
  return [inEnglish(action), ...why];
}

export function titled(title, ...text) {
  return element("p", {}, element("b", {}, term(title)), ...text);
}

export function tierTag(tier, names = words.TIERS) {
  return tier ? [element("span", { class: `tag ${tier}` }, names[tier] ?? tier)] : [];
}

function tags(segment) {
  const potential = segment.high_potential ? [element("span", { class: "tag" }, words.HIGH_POTENTIAL)] : [];
  return element("div", { class: "tags" }, ...tierTag(segment.tier), ...potential);
}

function because(contract, why, values) {
  const reasons = mainReasons(contract, why, values);
  return reasons ? [titled(words.BECAUSE_TITLE, sentence(reasons))] : [];
}

/** How many customers are in the segment, and their share of the value where a column measures it. */
export function worth(segment) {
  const customers = percent(segment.share);
  if (segment.index === null) return titled(words.SIZE, filled(words.SIZE_TEXT, { customers }));
  const share = segment.share * segment.index;
  const text = share < 0 ? words.SEGMENT_COSTS_TEXT : words.SEGMENT_VALUE_TEXT;
  return titled(
    words.SEGMENT_VALUE,
    filled(text, { customers, value: share <= 1 ? percent(share) : plainPercent(share) }),
  );
}

function route(contract, answer, values) {
  const [title, text] = answer.complete
    ? [words.ROUTE_EXACT, words.ROUTE_EXACT_TEXT]
    : [words.ROUTE_PARTIAL, partial(contract, values)];
  return element("p", { class: "note" }, element("b", {}, title), ` ${text}`);
}

function partial(contract, values) {
  const unknown = contract.columns.filter(({ name, role }) => role === "clustering" && (values[name] ?? "") === "");
  const columns = listed(unknown.map(({ label }) => label));
  return filled(byCount(unknown.length, words.ROUTE_PARTIAL_TEXT), { columns });
}

function novelty({ novelty: times, complete }) {
  if (times === null || times <= 1) return [];
  const text = filled(complete ? words.NOVEL_TEXT : words.NOVEL_PARTIAL, {
    times: times >= 1.1 ? number(times) : decimals(1.1, 1),
  });
  return [element("p", { class: "note warning", role: "note" }, element("b", {}, words.NOVEL_TITLE), ` ${text}`)];
}
