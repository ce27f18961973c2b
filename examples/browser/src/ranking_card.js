// All segments ranked by probability, as service/page/views/ranking_card.py.

import { element } from "./dom.js";
import { filled, words } from "./language.js";
import { percent } from "./written.js";

/** All segments with bars, the most likely first; their sizes when nothing is known. */
export function rankingCard(contract, answer) {
  const sized = answer.route === "prior";
  const chance = (segment) => (sized ? segment.share : answer.probabilities[segment.name]);
  const opinions = answer.complete ? answer.opinions : null;
  const order = [...contract.segments].sort((one, other) => chance(other) - chance(one) || one.id - other.id);
  return element(
    "section",
    { class: "card" },
    element("h2", {}, sized ? words.RANKING_TITLE_EMPTY : words.RANKING_TITLE),
    ...(opinions ? [legend()] : []),
    element("ol", { class: "ranking" }, ...order.map((segment) => row(segment, chance(segment), opinions))),
    ...(opinions ? [opinion(answer)] : []),
  );
}

function row({ id, name }, chance, opinions) {
  const bars = [bar(name, chance, "bar"), ...(opinions ? [bar(words.LEGEND_OPINION, opinions[name], "bar thin")] : [])];
  return element(
    "li",
    { class: `seg-${id % 10}` },
    element("span", { class: "label" }, name),
    element("span", { class: "bars" }, ...bars),
  );
}

/** A bar with its figure. */
export function bar(label, share, kind, figure = percent(share)) {
  const track = element("progress", { max: 1, value: share, "aria-label": label });
  return element("span", { class: kind }, track, element("span", { class: "figure" }, figure));
}

function legend() {
  const entries = [
    ["bar", words.LEGEND_ANSWER],
    ["bar thin", words.LEGEND_OPINION],
  ];
  const shown = entries.map(([kind, text]) => element("span", {}, element("i", { class: kind }), text));
  return element("div", { class: "key", "aria-hidden": "true" }, ...shown);
}

/** What the classifier would predict where the nearest centre answers. */
function opinion({ opinions, segment }) {
  const favourite = Object.keys(opinions).reduce((best, name) => (opinions[name] > opinions[best] ? name : best));
  const text = filled(favourite === segment ? words.OPINION_AGREES : words.OPINION_DIFFERS, {
    segment: favourite,
    percent: percent(opinions[favourite]),
  });
  return element("p", { class: "note" }, element("b", {}, words.OPINION_TITLE), ` ${text}`);
}
