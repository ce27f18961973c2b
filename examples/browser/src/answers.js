// Asks the model about a customer and shows what it answers.

import { explain, isUnknown } from "../../javascript/core/explanation.js";
import { isoDate } from "../../javascript/core/dates.js";
import { checkRow, refusals } from "../../javascript/core/validation.js";
import { answerCard, message } from "./answer_card.js";
import { comparisonCard } from "./comparison_card.js";
import { onPage } from "./form.js";
import { rankingCard } from "./ranking_card.js";
import { reasonsCard } from "./reasons_card.js";
import { inEnglish, words } from "./language.js";
import { percent } from "./written.js";

/** What there is to show about a customer: what is wrong with it, or the answer and why. */
export async function ask(segmenter, values) {
  const errors = refusals(segmenter.contract, values);
  if (errors.length > 0) return { errors };
  const row = checkRow(segmenter.contract, values);
  const answer = await segmenter.predictWithOpinion(row);
  const why = answer.route === "prior" ? null : await explain(segmenter, row, answer);
  return { errors, answer, why, values: valuesOf(segmenter.contract, row) };
}

/** The answer in one line. */
export function headline({ errors, answer }) {
  if (errors.length > 0) return words.PROBLEM_SHORT;
  if (answer.route === "prior") return words.EMPTY_SHORT;
  return answer.enough ? `${answer.segment} ${percent(answer.probability)}` : words.UNSURE_SHORT;
}

/** The cards by their names: the answer, all segments, the reasons, and the segment's customers. */
export function answerCards(contract, found) {
  const cards = cardsOf(contract, found);
  for (const [name, card] of Object.entries(cards)) card.dataset.card = name;
  return cards;
}

function cardsOf(contract, found) {
  if (found.errors.length > 0) {
    const [{ field, message: sentence }] = found.errors;
    const column = contract.columns.find(({ name }) => name === field);
    return { answer: message(words.PROBLEM_TITLE, inEnglish(onPage(column, sentence)), "problem") };
  }
  return {
    answer: answerCard(contract, found),
    ranking: rankingCard(contract, found.answer),
    ...(found.why ? { reasons: reasonsCard(contract, found) } : {}),
    ...(found.answer.enough ? { comparison: comparisonCard(contract, found) } : {}),
  };
}

/** A checked row as a person reads it: dates as text, null for unknown. */
function valuesOf(contract, row) {
  return Object.fromEntries(
    contract.columns.map(({ name, kind }) => [
      name,
      isUnknown(row[name]) ? null : kind === "date" ? isoDate(row[name]) : row[name],
    ]),
  );
}
