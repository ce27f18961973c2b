// The stretch of a column that is shown, with round ends, as service/kinds/scales.py.

const TAIL = 0.35; // a far end counts while it adds at most this much to the stretch of the middle 98%
const ROUNDING_STEPS = 20; // an end is rounded to a twentieth of the stretch, in round numbers

/** The stretch of a column that its training values cover, with its ends rounded outward. */
export function scaleOf(column) {
  const limits = column.range ?? [-Infinity, Infinity];
  let [low, high] = covered(column);
  if (high <= low) {
    const margin = Math.max(Math.abs(low) * 0.1, 1);
    [low, high] = [low - margin, high + margin];
  }
  const gap = roundUp((high - low) / ROUNDING_STEPS);
  low = Math.max(Math.floor(low / gap + 1e-9) * gap, limits[0]);
  high = Math.min(Math.ceil(high / gap - 1e-9) * gap, limits[1]);
  return high <= low ? { low: limits[0], high: limits[1] } : { low, high };
}

/** The stretch of a column along a map: logarithmic where its logarithm decides the segments. */
export function mapScale(contract, column) {
  const { low, high } = scaleOf(column);
  if (logarithmOf(contract, column) === undefined || high <= 0) return scale(low, high);
  const least = column.quantiles["0.01"] ?? 0;
  const power = least >= 1 ? 10 ** Math.floor(Math.log10(least)) : 0;
  return scale(Math.max(low, power), high, true);
}

/** The clustering feature that is the logarithm of a column. */
export function logarithmOf({ features, clustering }, { name }) {
  const isOne = (feature) => feature.formula.replaceAll(" ", "") === `log1p(${name})`;
  return features.find((feature) => clustering.includes(feature.name) && isOne(feature))?.name;
}

/** The smallest of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is at least `size`. */
export function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  const found = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= size * (1 - 1e-9));
  return Number((found ?? 10 * power).toPrecision(6));
}

/** Shares of the stretch from values, and back. By a logarithm, amounts below zero are where zero is. */
function scale(low, high, log = false) {
  const onto = (value) => (log ? Math.log1p(Math.max(value, 0)) : value);
  const back = (place) => (log ? Math.expm1(place) : place);
  const [first, last] = [onto(low), onto(high)];
  const share = (value) => (onto(value) - first) / (last - first);
  const value = (part) => back(first + part * (last - first));
  return { low, high, log, share, value };
}

function covered({ quantiles, range }) {
  const levels = Object.values(quantiles);
  if (levels.length === 0) return range ?? [0, 100];
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const [innerLow, innerHigh] = [quantiles["0.01"] ?? least, quantiles["0.99"] ?? most];
  const reach = (innerHigh - innerLow) * TAIL;
  return [Math.max(least, innerLow - reach), Math.min(most, innerHigh + reach)];
}
