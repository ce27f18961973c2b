// What each known column adds to the probability of the segments: Shapley values, as in inference/explanations.

/** @import { Answer, Contract, Explanation } from "./types.js" */
/** @import { Segmenter } from "./segmenter.js" */

const EXACT_COLUMNS = 10; // 1,024 masked rows; each further column doubles them
const PAIRS = 32; // of sampled orders, each forward and backward, where there are more columns

/**
 * @param {Segmenter} segmenter
 * @param {Record<string, number | string>} row that has passed `checkRow`
 * @param {Answer} answer about this row
 * @returns {Promise<Explanation>}
 */
export async function explain(segmenter, row, answer) {
  const { columns } = segmenter.contract;
  const known = columns.filter(({ name }) => !isUnknown(row[name]));
  const players = answer.complete ? known.filter(({ role }) => role === "clustering") : known;
  const names = players.map(({ name }) => name);
  const exact = names.length <= EXACT_COLUMNS;
  const orders = exact ? [] : pairedOrders(names.length);
  const coalitions = exact ? allCoalitions(names.length) : orders.flatMap(coalitionsOf);
  const values = await coalitionValues(segmenter, row, names, coalitions);
  const shares = exact ? exactValues(names.length, values) : sampledValues(orders, values);
  return {
    segment: answer.segment,
    base: values[0][answer.segmentId],
    contributions: Object.fromEntries(
      columns.map(({ name }) => [name, names.includes(name) ? shares[names.indexOf(name)][answer.segmentId] : 0]),
    ),
    unknown: columns.filter((column) => !known.includes(column)).map(({ name }) => name),
    unused: known.filter((column) => !players.includes(column)).map(({ name }) => name),
    exact,
  };
}

/** @param {number | string} cell */
export function isUnknown(cell) {
  return cell === "" || Number.isNaN(cell);
}

/**
 * The columns by their contribution, the largest absolute first, those without one at the end.
 * @param {Explanation} why
 * @returns {[string, number][]}
 */
export function ranked(why) {
  const last = (/** @type {string} */ name) => (why.unknown.includes(name) ? 2 : why.unused.includes(name) ? 1 : 0);
  return Object.entries(why.contributions).sort(
    ([one, share], [other, another]) => last(one) - last(other) || Math.abs(another) - Math.abs(share),
  );
}

/**
 * The probabilities when only the columns of a coalition are known.
 * @param {Segmenter} segmenter
 * @param {Record<string, number | string>} row
 * @param {string[]} players
 * @param {boolean[][]} coalitions
 */
async function coalitionValues(segmenter, row, players, coalitions) {
  const columns = Object.fromEntries(
    segmenter.contract.columns.map(({ name, kind }) => {
      const [player, missing] = [players.indexOf(name), kind === "category" ? "" : NaN];
      return [name, coalitions.map((members) => (members[player] ? row[name] : missing))];
    }),
  );
  const { probabilities } = await segmenter.run(columns, ["probabilities"]);
  const width = segmenter.contract.segments.length;
  return coalitions.map((_, at) => Array.from(probabilities.slice(at * width, (at + 1) * width)));
}

/**
 * Every coalition; player `i` is in coalition `c` where bit `i` of `c` is set.
 * @param {number} players
 */
function allCoalitions(players) {
  return Array.from({ length: 2 ** players }, (_, code) =>
    Array.from({ length: players }, (_, player) => ((code >> player) & 1) === 1),
  );
}

/**
 * @param {number} players
 * @param {number[][]} values of `allCoalitions`
 */
function exactValues(players, values) {
  const factorial = (/** @type {number} */ of) =>
    Array.from({ length: of }, (_, at) => at + 1).reduce((a, b) => a * b, 1);
  const sizes = values.map((_, code) => code.toString(2).replaceAll("0", "").length);
  return Array.from({ length: players }, (_, player) => {
    const total = values[0].map(() => 0);
    for (const [code, before] of values.entries()) {
      if ((code >> player) & 1) continue;
      const share = (factorial(sizes[code]) * factorial(players - sizes[code] - 1)) / factorial(players);
      values[code + 2 ** player].forEach((after, at) => (total[at] += share * (after - before[at])));
    }
    return total;
  });
}

/** @param {number} players */
function pairedOrders(players) {
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647; // Park and Miller 1988
  return Array.from({ length: PAIRS }, () => {
    const order = Array.from({ length: players }, (_, at) => at);
    for (let at = players - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other], order[at]];
    }
    return [order, [...order].reverse()];
  }).flat();
}

/**
 * The coalitions of one order, from nobody to everybody.
 * @param {number[]} order
 */
function coalitionsOf(order) {
  return Array.from({ length: order.length + 1 }, (_, met) => order.map((_, player) => order.indexOf(player) < met));
}

/**
 * @param {number[][]} orders
 * @param {number[][]} values
 */
function sampledValues(orders, values) {
  const total = orders[0].map(() => values[0].map(() => 0));
  for (const [place, order] of orders.entries()) {
    for (const [met, player] of order.entries()) {
      const at = place * (order.length + 1) + met;
      values[at + 1].forEach(
        (after, segment) => (total[player][segment] += (after - values[at][segment]) / orders.length),
      );
    }
  }
  return total;
}
