// Checks that the answers are those of Python: the rule, the contract, the self-test and the scoring of files.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as ort from "onnxruntime-node";
import { ArtifactError, parseContract } from "../core/contract.js";
import { explain } from "../core/explanation.js";
import { metadata } from "../core/metadata.js";
import { Segmenter } from "../core/segmenter.js";
import { scoreTable } from "../core/table.js";
import { OUTPUTS } from "../core/segmenter.js";
import { checkRow } from "../core/validation.js";
import { differences } from "../core/vectors.js";
import { open, readModel, readVectors } from "./model.js";

const segmenter = await open();

test("a complete customer is answered by the nearest centroid", async () => {
  const answer = await segmenter.predict({ gender: "f", age: 31, annual_income: 17, spending_score: 40 });
  assert.equal(answer.segment, "Low income, low score");
  assert.ok(answer.complete && answer.enough && answer.novelty !== null);
  const { distances } = answer;
  assert.ok(distances);
  assert.equal(Math.min(...Object.values(distances)), distances[answer.segment]);
});

test("an incomplete customer is answered by the classifier, without distances", async () => {
  const answer = await segmenter.predict({ age: 31, annual_income: 17 });
  assert.equal(answer.complete, false);
  assert.equal(answer.distances, null);
  const sum = Object.values(answer.probabilities).reduce((one, other) => one + other);
  assert.ok(Math.abs(sum - 1) < 1e-6);
});

test("nothing known gives the shares of the segments, and not enough for one label", async () => {
  const answer = await segmenter.predict({});
  for (const { name, share } of segmenter.contract.segments) {
    assert.ok(Math.abs(answer.probabilities[name] - share) < 1e-6);
  }
  assert.equal(answer.enough, false);
});

test("a table is scored under labels and aliases, and refused rows say why", async () => {
  const { table, refused } = await scoreTable(segmenter, [
    ["id", " SEX ", "Annual Income (k$)", "score"],
    ["1", "m", "120", "15"],
    ["2", "", "", "900"],
  ]);
  assert.deepEqual(table[1].slice(4, 6), ["High income, low score", 3]);
  assert.match(String(table[2].at(-1)), /^column 'spending_score' must be from 1 to 100/);
  assert.equal(refused, 1);
});

test("a table without any column of the model is refused", async () => {
  await assert.rejects(scoreTable(segmenter, [["name"], ["Ada"]]), /must have at least one of the columns 'gender'/);
});

test("a row with another number of cells than the header is refused", async () => {
  const table = [["age", "score"], ["31", "40"], ["31"]];
  await assert.rejects(scoreTable(segmenter, table), { message: "row 2 must have 2 cells as the header has, but it has 1" });
});

test("a difference in any output is told", async () => {
  const { inputs, outputs, tolerances } = await readVectors();
  const found = await segmenter.run(inputs);
  assert.deepEqual(differences(outputs, found, tolerances, OUTPUTS), []);
  for (const name of OUTPUTS) {
    const other = { ...outputs, [name]: [...outputs[name].slice(1), outputs[name][0]] };
    assert.notEqual(differences(other, found, tolerances, [name]).length, 0, name);
  }
});

test("the contract is in the metadata, too, and a file without it is refused", async () => {
  const model = await readModel();
  assert.deepEqual(parseContract(metadata(model)), segmenter.contract);
  assert.throws(() => metadata(model, "another"), /must have the metadata 'another'/);
  assert.throws(() => metadata(model.slice(0, 1)), ArtifactError);
});

test("what is known adds up to the probability, and a profile column adds nothing to a complete answer", async () => {
  for (const values of [{ age: 31, annual_income: 17 }, { gender: "f", age: 31, annual_income: 17, spending_score: 40 }]) {
    const row = checkRow(segmenter.contract, values);
    const answer = await segmenter.predictWithOpinion(row);
    const why = await explain(segmenter, row, answer);
    const sum = Object.values(why.contributions).reduce((one, other) => one + other, why.base);
    assert.ok(Math.abs(sum - answer.probability) < 1e-6);
    assert.deepEqual(why.unused, answer.complete ? ["gender", "age"] : []);
    assert.ok(Object.values(answer.opinions).every((share) => share > 0));
  }
});

test("a contract of another format is refused", () => {
  assert.throws(() => parseContract('{"format":3}'), ArtifactError);
  assert.throws(() => parseContract("no JSON"), ArtifactError);
});

test("a file that fails its self-test is refused", async () => {
  const text = new TextDecoder("latin1").decode(await readModel());
  const changed = Buffer.from(text.replaceAll('"complete":[true', '"complete":[null'), "latin1");
  const sealed = new Uint8Array(changed);
  const digits = createHash("sha256").update(sealed.slice(0, -74)).digest("hex");
  sealed.set(new TextEncoder().encode(digits), sealed.length - 64);
  await assert.rejects(Segmenter.open(ort, sealed), /must answer its self-test/);
});

test("a file that was changed after training is refused, by its seal", async () => {
  const changed = new Uint8Array(await readModel());
  changed[changed.length >> 1] ^= 1;
  await assert.rejects(Segmenter.open(ort, changed), /must have the SHA-256 of its seal/);
});

test("a file without the seal that its contract promises is refused", async () => {
  const model = new Uint8Array(await readModel());
  await assert.rejects(Segmenter.open(ort, model.slice(0, -74)), /must end with its seal/);
});
