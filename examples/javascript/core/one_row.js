// The file's graph for one customer of whom every clustering column is known: a third of the whole graph's time.

/** @import { Contract, InferenceSession, Outputs, Runtime } from "./types.js" */
import { findMetadata } from "./metadata.js";

const KEY = "one_complete_row";

export class OneRow {
  /**
   * @param {Runtime} ort
   * @param {InferenceSession} session
   * @param {Contract} contract
   */
  constructor(ort, session, contract) {
    this.ort = ort;
    this.session = session;
    this.contract = contract;
  }

  /**
   * Open the graph in a file's metadata; null for a file without it.
   * @param {Runtime} ort
   * @param {Uint8Array} model the bytes of the file
   * @param {Contract} contract
   * @param {import("onnxruntime-common").InferenceSession.SessionOptions} options
   */
  static async open(ort, model, contract, options) {
    const text = findMetadata(model, KEY);
    if (text === null) return null;
    const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new OneRow(ort, await ort.InferenceSession.create(content, options), contract);
  }

  /**
   * The outputs for one row, null for missing; null where the whole graph must answer.
   * @param {Record<string, number | string | null>} row
   * @returns {Promise<Outputs | null>}
   */
  async run(row) {
    const { columns, segments } = this.contract;
    const values = new Float64Array(columns.length);
    for (const [at, column] of columns.entries()) {
      const number = numberOf(column, row[column.name]);
      if (Number.isNaN(number) && column.role === "clustering") return null;
      values[at] = number || 0;
    }
    const feeds = { values: new this.ort.Tensor("float64", values, [columns.length, 1]) };
    const found = await this.session.run(feeds, ["answer"]);
    const answer = /** @type {Float64Array} */ (found.answer.data);
    const [id, novelty] = answer;
    if (Number.isNaN(novelty)) return null; // of a formula
    const [first, middle] = [2, 2 + segments.length];
    return {
      segment: [segments[id].name],
      segment_id: BigInt64Array.of(BigInt(id)),
      complete: Uint8Array.of(1),
      probabilities: Float32Array.from(answer.subarray(first, middle)),
      distances: answer.slice(middle),
      novelty: Float64Array.of(novelty),
      classifier_probabilities: new Float32Array(segments.length).fill(NaN),
    };
  }
}

/**
 * A cell as a number, a category as its position; NaN where it is unknown.
 * @param {Contract["columns"][number]} column
 * @param {number | string | null} cell
 */
function numberOf({ kind, categories }, cell) {
  if (cell === null) return NaN;
  if (kind !== "category") return Number(cell);
  const position = categories.findIndex(({ value }) => value === cell);
  return position < 0 ? NaN : position;
}
