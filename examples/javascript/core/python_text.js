// Writes values as Python does, so that a sentence is the same in both languages.

const ESCAPED = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);
const UNPRINTED = /[\p{C}\p{Z}]/u; // but for the plain space
const EXTRA = 30; // decimals that tell a tie from what is near one

/**
 * Text in quotes, as `repr`.
 * @param {string} text
 */
export function quotedText(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + Array.from(text, (letter) => (letter === quote ? `\\${quote}` : printed(letter))).join("") + quote;
}

/** @param {string} letter */
function printed(letter) {
  const known = ESCAPED.get(letter);
  if (known !== undefined || letter === " " || !UNPRINTED.test(letter)) return known ?? letter;
  const code = Number(letter.codePointAt(0));
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/**
 * A number as `repr`; a whole one as an `int`, unless it comes from a column of floats.
 * @param {number} value
 * @param {{ float?: boolean }} [options]
 */
export function numberText(value, { float = false } = {}) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < (float ? 1e16 : 1e21)) return float ? `${value}.0` : String(value);
  return size !== 0 && (size < 1e-4 || size >= 1e16) ? exponential(value.toExponential()) : String(value);
}

/**
 * Significant digits without zeros at the end, as `%g`.
 * @param {number} value
 * @param {number} digits
 */
export function general(value, digits) {
  const rounded = significant(value, digits);
  const size = rounded === 0 ? 0 : Number(rounded.toExponential().split("e")[1]);
  if (size < -4 || size >= digits) return exponential(rounded.toExponential());
  return size < 0 ? rounded.toFixed(Math.min(100, digits - 1 - size)).replace(/0+$/, "") : String(rounded);
}

/**
 * The number with some significant digits that is nearest, of two the even one.
 * @param {number} value
 * @param {number} digits
 */
function significant(value, digits) {
  const [mantissa, power] = Math.abs(value)
    .toExponential(digits - 1 + EXTRA)
    .split("e");
  const every = mantissa.replace(".", "");
  const [kept, rest] = [BigInt(every.slice(0, digits)), every.slice(digits)];
  const half = `5${"0".repeat(rest.length - 1)}`;
  const up = rest > half || (rest === half && kept % 2n === 1n);
  return Math.sign(value) * Number(`${up ? kept + 1n : kept}e${Number(power) - digits + 1}`);
}

/** @param {string} written as JavaScript writes it */
function exponential(written) {
  const [digits, power] = written.split("e");
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/**
 * Decimals, of two that are equally near the even one, as `%f`.
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  const near = value.toFixed(decimals);
  const rest = value.toFixed(Math.min(100, decimals + EXTRA)).slice(value.toFixed(decimals + 1).length - 1);
  if (!/^50*$/.test(rest) || Number(near.at(-1)) % 2 === 0) return near;
  return (Number(near) - Math.sign(value) * 10 ** -decimals).toFixed(decimals);
}

/**
 * Digits in groups of three.
 * @param {string} written
 */
export function grouped(written) {
  const [whole, ...decimals] = written.split(".");
  return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ","), ...decimals].join(".");
}
