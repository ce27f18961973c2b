// Checks which customers the graph for one complete customer answers; `vectors` compares its answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as ort from "onnxruntime-node";
import { OneRow } from "../core/one_row.js";
import { open } from "./model.js";

const { contract } = await open();
const segments = contract.segments.length;
const customer = { gender: "Male", age: null, annual_income: 17, spending_score: 40 };

/** @param {number} novelty */
function answering(novelty) {
  /** @type {number[][]} */
  const asked = [];
  const session = {
    /** @param {{ values: { data: Float64Array } }} feeds */
    run: async ({ values }) => {
      asked.push([...values.data]);
      const probabilities = Array.from({ length: segments }, (_, id) => (id === 1 ? 1 : 0));
      const distances = Array.from({ length: segments }, (_, id) => id);
      return { answer: { data: Float64Array.of(1, novelty, ...probabilities, ...distances) } };
    },
  };
  const unlike = /** @type {unknown} */ (session);
  return { asked, graph: new OneRow(ort, /** @type {import("../core/types.js").InferenceSession} */ (unlike), contract) };
}

test("a complete customer is given as numbers, a category as its position and 0 where unknown", async () => {
  const { asked, graph } = answering(0.5);
  const found = await graph.run(customer);
  assert.deepEqual(asked, [[1, 0, 17, 40]]);
  assert.equal(found?.segment[0], contract.segments[1].name);
  assert.deepEqual([found?.probabilities[1], found?.distances[2], found?.novelty[0]], [1, 2, 0.5]);
});

test("the whole graph answers where a clustering column is unknown", async () => {
  const { asked, graph } = answering(0.5);
  assert.equal(await graph.run({ ...customer, annual_income: NaN }), null);
  assert.deepEqual(asked, []);
});

test("the whole graph answers where a formula has no value", async () => {
  assert.equal(await answering(NaN).graph.run(customer), null);
});

test("a file without the graph has none", async () => {
  assert.equal(await OneRow.open(ort, new Uint8Array(), contract, {}), null);
});
