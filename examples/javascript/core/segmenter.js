// Runs a model file: raw columns in, segments out. `ort` is onnxruntime-node or onnxruntime-web.

/** @import { Answer, Contract, InferenceSession, Outputs, Runtime, Tensor, Values } from "./types.js" */
import { ArtifactError, parseContract } from "./contract.js";
import { isUnknown } from "./explanation.js";
import { OneRow } from "./one_row.js";
import { checkSeal, requireSeal } from "./seal.js";
import { checkRow } from "./validation.js";
import { ANSWER, differences, oneRowDifferences } from "./vectors.js";

const OPTIONS = /** @type {const} */ ({
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  logSeverityLevel: 3,
});
export const OUTPUTS = /** @type {const} */ ([...ANSWER, "classifier_probabilities"]);

export class Segmenter {
  /**
   * @param {Runtime} ort
   * @param {InferenceSession} session
   * @param {Contract} contract
   * @param {OneRow | null} oneRow
   */
  constructor(ort, session, contract, oneRow) {
    this.ort = ort;
    this.session = session;
    this.contract = contract;
    this.oneRow = oneRow;
  }

  /**
   * Load a model file, compare it with its seal, read its contract and ask its self-test on this machine.
   * @param {Runtime} ort
   * @param {Uint8Array} model the bytes of the file
   * @param {{ selfTest?: boolean }} [options]
   */
  static async open(ort, model, { selfTest = true } = {}) {
    await checkSeal(model);
    const session = await ort.InferenceSession.create(model, OPTIONS);
    const contract = parseContract(await contractText(ort, session));
    const segmenter = new Segmenter(ort, session, contract, await OneRow.open(ort, model, contract, OPTIONS));
    if (segmenter.contract.sealed) requireSeal(model);
    if (selfTest) await segmenter.#test();
    return segmenter;
  }

  /**
   * Answer about one customer; a column left out, null or NaN is unknown.
   * @param {Values} values
   * @returns {Promise<Answer>}
   */
  async predict(values) {
    const row = checkRow(this.contract, values);
    const outputs = (await this.oneRow?.run(row)) ?? (await this.#runRows([row], ANSWER));
    return this.#answer(outputs, 0, row);
  }

  /**
   * Answer about customers that have passed `checkRow`.
   * @param {Record<string, number | string>[]} rows
   * @returns {Promise<Answer[]>}
   */
  async predictMany(rows) {
    const outputs = await this.#runRows(rows, ANSWER);
    return rows.map((row, at) => this.#answer(outputs, at, row));
  }

  /**
   * Answer about one customer that has passed `checkRow`, with the classifier's own probabilities, which the graph
   * computes only where a row of the call is incomplete.
   * @param {Record<string, number | string>} row
   * @returns {Promise<Answer & { opinions: Record<string, number> }>}
   */
  async predictWithOpinion(row) {
    const unknown = checkRow(this.contract, {}, { required: false });
    const outputs = await this.#runRows([row, unknown], OUTPUTS);
    return { ...this.#answer(outputs, 0, row), opinions: this.#named(outputs.classifier_probabilities, 0) };
  }

  /**
   * @param {Record<string, number | string>[]} rows
   * @param {readonly (keyof Outputs)[]} names
   */
  #runRows(rows, names) {
    const columns = this.contract.columns.map(({ name }) => [name, rows.map((row) => row[name])]);
    return this.run(Object.fromEntries(columns), names);
  }

  /**
   * Ask the graph itself: columns of N values in, flat outputs out. null is missing.
   * @param {Record<string, (number | string | null)[]>} columns
   * @param {readonly (keyof Outputs)[]} names
   * @returns {Promise<Outputs>}
   */
  async run(columns, names = OUTPUTS) {
    /** @type {Record<string, Tensor>} */
    const feeds = {};
    for (const { name, kind } of this.contract.columns) {
      feeds[name] = feed(this.ort, kind === "category" ? "string" : "float64", columns[name]);
    }
    const found = await this.session.run(feeds, names);
    return /** @type {Outputs} */ (
      /** @type {unknown} */ (Object.fromEntries(names.map((name) => [name, found[name].data])))
    );
  }

  /**
   * @param {Outputs} outputs
   * @param {number} row
   * @param {Record<string, number | string>} values
   * @returns {Answer}
   */
  #answer(outputs, row, values) {
    const segment = this.contract.segments[Number(outputs.segment_id[row])];
    const complete = Boolean(outputs.complete[row]);
    const probabilities = this.#named(outputs.probabilities, row);
    const probability = probabilities[segment.name];
    const likely = probability >= Math.fround(this.contract.thresholds.answer_probability);
    const nothing = !complete && Object.values(values).every(isUnknown);
    const novelty = outputs.novelty[row]; // NaN where no clustering column is known
    return {
      segment: segment.name,
      segmentId: segment.id,
      tier: segment.tier,
      action: segment.action,
      probability,
      probabilities,
      route: complete ? "complete" : nothing ? "prior" : "partial",
      complete,
      enough: complete || (!nothing && likely && !(novelty > this.contract.thresholds.novelty)),
      distances: complete ? this.#named(outputs.distances, row) : null,
      novelty: Number.isNaN(novelty) ? null : novelty,
    };
  }

  /**
   * @param {Float32Array | Float64Array} flat
   * @param {number} row
   */
  #named(flat, row) {
    /** @type {Record<string, number>} */
    const named = {};
    const first = row * this.contract.segments.length;
    for (const { id, name } of this.contract.segments) named[name] = flat[first + id];
    return named;
  }

  async #test() {
    const { inputs, outputs } = this.contract.self_test;
    const found = await this.run(inputs);
    const tolerances = { probability: 1e-5, distance: 1e-9 };
    const wrong = [
      ...differences(outputs, found, tolerances, OUTPUTS),
      ...(await oneRowDifferences(this, { inputs, outputs, tolerances })),
    ];
    if (wrong.length > 0) {
      throw new ArtifactError(
        `the model file must answer its self-test as it did in training, but ${wrong[0]}; use another onnxruntime`,
      );
    }
  }
}

/**
 * @param {Runtime} ort
 * @param {"string" | "float64"} type
 * @param {(number | string | null)[]} cells
 */
function feed(ort, type, cells) {
  const shape = [cells.length, 1];
  if (type === "string") return new ort.Tensor(type, /** @type {string[]} */ (cells.map((cell) => cell ?? "")), shape);
  return new ort.Tensor(
    type,
    Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell))),
    shape,
  );
}

/**
 * JavaScript cannot read a file's metadata, but the contract is also an output of the graph.
 * @param {Runtime} ort
 * @param {InferenceSession} session
 */
async function contractText(ort, session) {
  /** @type {Record<string, Tensor>} */
  const feeds = {};
  for (const input of session.inputMetadata) {
    const type = input.isTensor && input.type === "string" ? "string" : "float64";
    feeds[input.name] = feed(ort, type, [null]);
  }
  if (!session.outputNames.includes("contract")) {
    throw new ArtifactError("the model file must have an output 'contract', but it has none; it is foreign");
  }
  const { contract } = await session.run(feeds, ["contract"]);
  return String(contract.data[0]);
}
