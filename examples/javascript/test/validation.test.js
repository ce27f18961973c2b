// Checks that values are validated as in inference/validation.py, with the same messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_DAY, isoDate, LAST_DAY } from "../core/dates.js";
import { readCell } from "../core/table.js";
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
  for (const [value, shown] of /** @type {const} */ ([["31", "'31'"], [true, "True"]])) {
    refuses(
      { age: value },
      `column 'age' must be a number, but it is ${shown}; give it without quotes, or leave it unknown`,
    );
  }
});

test("infinity is refused", () => {
  refuses(
    { age: Infinity },
    "column 'age' must be a finite number in single precision, but it is inf; correct it",
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

const column = {
  label: "", aliases: [], role: "profile", unit: "", range: null, categories: [], missing_allowed: true,
  integer: true, quantiles: {},
};
const own = /** @type {import("../core/types.js").Contract} */ (/** @type {unknown} */ ({
  columns: [
    { ...column, name: "since", kind: "date", range: [0, 19782], date_format: "%Y-%m-%d" },
    { ...column, name: "birth", kind: "date", date_format: "%d.%m.%Y" },
    { ...column, name: "spelt", kind: "date", date_format: "%d %B %Y" },
    { ...column, name: "city", kind: "category", categories: [{ value: "Bern", aliases: [] }, { value: "Rest", aliases: [] }], other: "Rest" },
    { ...column, name: "size", kind: "category", categories: [{ value: "3", aliases: [] }, { value: "True", aliases: [] }] },
  ],
}));

test("a date is days since 1970-01-01, and its time and offset do not count", () => {
  for (const [text, days] of /** @type {const} */ ([
    ["1970-01-01", 0], [" 2024-02-29 ", 19782], ["1970-01-02T23:30:00-08:00", 1], ["1970-01-02 0930", 1], ["1970-01-02T09:30:00.5Z", 1],
  ])) {
    assert.equal(checkRow(own, { since: text }).since, days);
  }
  assert.equal(checkRow(own, { birth: "0001-01-01" }).birth, FIRST_DAY);
  assert.equal(checkRow(own, { birth: "9999-12-31" }).birth, LAST_DAY);
});

test("a date that is left out, null, NaN or blank is missing", () => {
  for (const value of [undefined, null, NaN, "", " "]) assert.equal(checkRow(own, { since: value }).since, NaN);
});

test("what is no ISO date is refused, days and another format, too", () => {
  for (const text of ["soon", "2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01", "20240301", "2024-03-01T24:30", "2024-03-01T"]) {
    assert.throws(() => checkRow(own, { since: text }), {
      message: `column 'since' must be a date such as '2024-03-01' or as '%Y-%m-%d', but it is '${text}'; correct it or leave it unknown`,
    });
  }
  assert.throws(() => checkRow(own, { since: 19782 }), /must be a date such as '2024-03-01' or as '%Y-%m-%d', but it is 19782;/);
  assert.throws(() => checkRow(own, { birth: "31.02.2024" }), {
    message:
      "column 'birth' must be a date such as '2024-03-01' or as '%d.%m.%Y', but it is '31.02.2024'; correct it or leave it unknown",
  });
  assert.throws(() => checkRow(own, { spelt: "1 March 2024" }), {
    message:
      "column 'spelt' must be a date such as '2024-03-01' (this program does not read '%d %B %Y'), but it is '1 March 2024'; correct it or leave it unknown",
  });
  assert.equal(checkRow(own, { birth: "1.3.2024" }).birth, 19783);
});

test("a date out of range is refused with the range in ISO dates", () => {
  assert.throws(() => checkRow(own, { since: "2024-03-01" }), {
    message: "column 'since' must be from 1970-01-01 to 2024-02-29, but it is '2024-03-01'; correct it or leave it unknown",
  });
});

test("days become the nearest ISO date, within the years 1 to 9999", () => {
  assert.deepEqual([0.4, 19783, -1, -1e9, 1e9].map(isoDate), ["1970-01-01", "2024-03-01", "1969-12-31", "0001-01-01", "9999-12-31"]);
});

test("an unknown text counts as the other category, a blank one as missing, and an object is refused", () => {
  const cities = ["bern", "Basel", 7, " ", null].map((city) => checkRow(own, { city }).city);
  assert.deepEqual(cities, ["Bern", "Rest", "Rest", "", ""]);
  assert.throws(() => checkRow(own, { city: {} }), /must be one of 'Bern', 'Rest'/);
});

test("a number or truth value means the category of its text", () => {
  assert.deepEqual([3, 3n, "3", true].map((size) => checkRow(own, { size }).size), ["3", "3", "3", "True"]);
  assert.throws(() => checkRow(own, { size: 4 }), /must be one of '3', 'True', but it is 4;/);
});

test("the cell of a file keeps a date as text", () => {
  const [since] = own.columns;
  assert.deepEqual(["2024-02-29", "19782", "", "nan"].map((text) => readCell(since, text)), ["2024-02-29", "19782", null, null]);
});
