// Reads the contract in a model file: its columns, its segments, and how both were decided.

/** @import { Contract, Column } from "./types.js" */

const FORMAT = 2;

/** The model file cannot be used: damaged, not of this project, or with wrong answers in this runtime. */
export class ArtifactError extends Error {}

/**
 * @param {string} text the `contract` output of the graph
 * @returns {Contract}
 */
export function parseContract(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new ArtifactError(`the contract in the model file must be JSON, but it is not (${error})`);
  }
  if (document?.format !== FORMAT) {
    const advice = document?.format > FORMAT ? "update this program" : "train the model again";
    throw new ArtifactError(
      `the model file's contract must have format ${FORMAT}, but it has ${document?.format}; ${advice}`,
    );
  }
  return document;
}

/**
 * Label and unit, for example `Annual income (k$)`.
 * @param {Column} column
 */
export function title(column) {
  return column.unit ? `${column.label} (${column.unit})` : column.label;
}
