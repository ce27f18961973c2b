// Promises the door of inference/validation.py: the same values pass, and the same sentences refuse the rest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./model.js";
import { checkRow } from "../core/validation.js";

const { contract } = await open();

/**
 * @param {Record<string, unknown>} values
 * @param {string} sentence
 */
function refuses(values, sentence) {
  assert.throws(() => checkRow(contract, values), { message: sentence });
}

test("spellings, cases and aliases of a category mean the category", () => {
  for (const spelling of ["Female", " FEMALE ", "w", "F"]) {
    assert.equal(checkRow(contract, { gender: spelling }).gender, "Female");
  }
});

test("what is left out, null, NaN or blank is missing", () => {
  const checked = checkRow(contract, { gender: " ", age: null, annual_income: NaN });
  assert.deepEqual(checked, { gender: "", age: NaN, annual_income: NaN, spending_score: NaN });
});

test("the ends of a range are inside it", () => {
  assert.equal(checkRow(contract, { age: 0, spending_score: 100 }).age, 0);
});

test("a number out of range is refused with the range and its unit", () => {
  refuses(
    { age: 150 },
    "column 'age' must be from 0 to 120 years, but it is 150; correct it or leave it unknown",
  );
  refuses(
    { annual_income: -1 },
    "column 'annual_income' must be from 0 to 10000 k$, but it is -1; correct it or leave it unknown",
  );
});

test("text and truth values are no numbers", () => {
  for (const [value, shown] of /** @type {const} */ ([["31", "'31'"], [true, "true"]])) {
    refuses(
      { age: value },
      `column 'age' must be a number, but it is ${shown}; give it without quotes, or leave it unknown`,
    );
  }
});

test("infinity is refused", () => {
  refuses(
    { age: Infinity },
    "column 'age' must be a finite number in single precision, but it is Infinity; correct it",
  );
});

test("an unknown category is refused, with the one it may have meant", () => {
  refuses(
    { gender: "Mael" },
    "column 'gender' must be one of 'Female', 'Male', but it is 'Mael'; correct it or leave it unknown. Did you mean 'Male'?",
  );
});

test("an unknown column is refused, with the one it may have meant", () => {
  refuses(
    { anual_income: 3 },
    "unknown column 'anual_income'; known: 'gender', 'age', 'annual_income', 'spending_score'. Did you mean 'annual_income'?",
  );
});
