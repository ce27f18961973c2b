// Shows the answer as text and bars.

import { element, percent } from "./dom.js";

const TIERS = { premium: "Premium tier", average: "Average tier", "low-spending": "Low-spending tier" };

export function showAnswer(card, contract, answer, values) {
  const known = Object.values(values).some((value) => value !== null);
  card.replaceChildren(...(known && answer.enough ? named(contract, answer) : unsure(contract, answer, known)));
  card.append(element("p", { class: "note" }, route(contract, answer, values)));
  if (answer.novelty > contract.thresholds.novelty) card.append(novel(answer));
  card.append(ranking(contract, answer));
}

export function showProblem(card, sentence) {
  card.replaceChildren(
    element("h2", {}, "This value cannot be used"),
    element("p", { class: "note bad" }, `${sentence}.`.replace("..", ".")),
  );
}

function named(contract, answer) {
  const segment = contract.segments[answer.segmentId];
  const tags = [TIERS[segment.tier], segment.high_potential ? "High potential" : ""].filter(Boolean);
  return [
    element("h2", { class: `name seg-${segment.id % 10}` }, answer.segment),
    element("p", {}, ...tags.map((text) => element("span", { class: "tag" }, text))),
    element("p", {}, segment.action),
    element("p", { class: "hint" }, `${percent(segment.share)} of the customers.`),
  ];
}

function unsure(contract, answer, known) {
  if (!known) {
    const text = "Enter at least one value. Until then, only the segment sizes are known.";
    return [element("h2", {}, "Nothing is known yet"), element("p", {}, text)];
  }
  const likely = `Most likely ${answer.segment} (${percent(answer.probability)})`;
  const from = percent(contract.thresholds.answer_probability);
  return [
    element("h2", {}, "Not enough information to name one segment"),
    element("p", {}, `${likely}, but a segment is named only from a probability of ${from}. Add more values to get closer.`),
  ];
}

function route(contract, answer, values) {
  if (answer.complete) return "Complete answer: all clustering columns are known, so the nearest segment centre decides.";
  const missing = contract.columns.filter(({ name, role }) => role === "clustering" && values[name] === null);
  const names = missing.map(({ label }) => label).join(" and ");
  const verb = missing.length === 1 ? "is" : "are";
  return `Partial answer: ${names} ${verb} unknown, so the classifier estimates the segment from the other values.`;
}

function novel({ novelty }) {
  const times = novelty.toFixed(1);
  return element(
    "p",
    { class: "note warning" },
    `Unlike the training customers: 99% of the segment's training customers are closer to its centre, and this customer is ` +
      `${times} times as far away as that limit.`,
  );
}

function ranking(contract, answer) {
  const ranked = [...contract.segments].sort(
    (one, other) => answer.probabilities[other.name] - answer.probabilities[one.name],
  );
  const rows = ranked.map(({ id, name }) =>
    element(
      "li",
      { class: `seg-${id % 10}` },
      element("span", { class: "label" }, name),
      element("progress", { max: 1, value: answer.probabilities[name], "aria-label": name }),
      element("span", { class: "figure" }, percent(answer.probabilities[name])),
    ),
  );
  return element("ol", { class: "ranking" }, ...rows);
}
