// What became of a file, as service/page/views/score_view.py: how many of which segment, and what was refused.

import { message } from "../answer_card.js";
import { element } from "../dom.js";
import { bar } from "../ranking_card.js";
import { filled, inEnglish, words } from "../language.js";
import { byCount, grouped, percent } from "../written.js";

/** The card about a file that cannot be scored. */
export function refusedView(sentence) {
  return message(words.SCORE_REFUSED, sentence, "problem bad");
}

/** The summary, and below it what was refused and how the file was read. */
export function scoredView(contract, scored, { name, sentences, changed }) {
  const leftOut = scored.filter(isLeftOut).map(({ error }) => error.replace(": the row", "").replace(/;[^;]*$/, ""));
  const about =
    leftOut.length > 0
      ? [filled(byCount(leftOut.length, words.SCORE_LEFT_OUT), { example: leftOut[0] })]
      : [];
  const refused = groups(
    scored.filter((row) => row.error && !isLeftOut(row)).map(({ column, error }) => ({ column, example: error })),
  );
  const notes = groups(scored.flatMap((row) => row.notes));
  const neutralised = changed > 0 ? [byCount(changed, words.SCORE_NEUTRALISED)] : [];
  return [
    element("h3", {}, byCount(scored.length, words.SCORE_DONE)),
    element("p", { class: "hint" }, name),
    tiles(scored),
    element("h3", {}, words.SCORE_SEGMENTS),
    segments(contract, scored),
    ...problems(refused, words.SCORE_PROBLEMS, words.SCORE_PROBLEMS_NOTE),
    ...problems(notes, words.SCORE_NOTES, words.SCORE_NOTES_NOTE),
    element("h3", {}, words.SCORE_READING),
    element(
      "ul",
      { class: "points" },
      ...[...sentences.map(sentence).map(inEnglish), ...about, ...neutralised].map((text) => element("li", {}, text)),
    ),
  ];
}

/** Whether a row is about the table and no customer. */
function isLeftOut({ column }) {
  return column === null;
}

function tiles(scored) {
  const kinds = [
    ["complete", words.SCORE_COMPLETE],
    ["partial", words.SCORE_PARTIAL],
    ["prior", words.SCORE_PRIOR],
    ["error", words.SCORE_ERRORS],
  ];
  const shown = kinds.map(([kind, text]) => {
    const count = scored.filter((row) => row.route === kind && !isLeftOut(row)).length;
    const bad = kind === "error" && count > 0 ? " bad" : "";
    return element("div", { class: `tile${bad}` }, element("dt", {}, text), element("dd", {}, grouped(count)));
  });
  return element("dl", { class: "tiles" }, ...shown);
}

function segments(contract, scored) {
  const counts = contract.segments.map(({ id }) => scored.filter(({ segmentId }) => segmentId === id).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const order = [...contract.segments].sort((one, other) => counts[other.id] - counts[one.id] || one.id - other.id);
  const rows = order.map(({ id, name }) => {
    const written = grouped(counts[id]);
    const figure = [0, total].includes(counts[id]) ? written : `${written} · ${percent(counts[id] / total)}`;
    const shown = bar(name, counts[id] / Math.max(1, total), "bar wide-figure", figure);
    return element(
      "li",
      { class: `seg-${id % 10}` },
      element("span", { class: "label" }, name),
      element("span", { class: "bars" }, shown),
    );
  });
  return element("ol", { class: "ranking" }, ...rows);
}

/** What is wrong by column, the most frequent first, each with the first row that has it. */
function groups(found) {
  const groups = new Map();
  for (const { column, example } of found) {
    const group = groups.get(column) ?? { column, example, rows: 0 };
    groups.set(column, { ...group, rows: group.rows + 1 });
  }
  return [...groups.values()].sort((one, other) => other.rows - one.rows);
}

function problems(found, title, meaning) {
  if (found.length === 0) return [];
  const head = [words.COL_COLUMN, words.SCORE_COL_PROBLEM, words.COL_ROWS].map((text) =>
    element("th", { scope: "col" }, text),
  );
  const rows = found.map(({ column, example, rows: count }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, column || words.NONE),
      element("td", {}, inEnglish(example)),
      element("td", {}, grouped(count)),
    ),
  );
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
  return [
    element("h3", {}, title),
    element("p", { class: "hint" }, meaning),
    element("div", { class: "scroll", role: "region", "aria-label": title, tabindex: "0" }, table),
  ];
}

function sentence(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
