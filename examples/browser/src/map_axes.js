// What the map is drawn along and at, as service/page/draw/decision_map.py.

import { readDay } from "../../javascript/core/dates.js";
import { common } from "./customers.js";
import { logarithmOf, mapScale } from "./scales.js";

/** The axes: the one or two clustering columns in which the segments are farthest apart, in the contract's order. */
export function axesOf(contract) {
  const along = clustering(contract)
    .filter(({ kind }) => kind !== "category")
    .map((column) => ({ column, scale: mapScale(contract, column) }));
  const spreads = new Map(along.map((axis) => [axis, spread(contract, axis)]));
  const leading = [...along].sort((one, other) => spreads.get(other) - spreads.get(one)).slice(0, 2);
  return along.filter((axis) => leading.includes(axis));
}

/** The clustering columns that the map is not drawn along, with the customer's value or the most common one. */
export function heldAt(contract, axes, values) {
  return clustering(contract)
    .filter((column) => !axes.some((axis) => axis.column === column))
    .map((column) => ({
      column,
      value: values[column.name] ?? common(contract, column),
      known: values[column.name] !== null,
    }));
}

/** The centre of a segment in a raw column: its centroid, or its mean where it has no centroid there; or null. */
export function centre(contract, { centroid, profile }, column) {
  if (column.name in centroid) return centroid[column.name];
  const logarithm = logarithmOf(contract, column);
  return logarithm in centroid ? Math.expm1(centroid[logarithm]) : (profile[column.name]?.mean ?? null);
}

/** The number that a customer's value is on an axis; null where it is unknown. */
export function placeOn({ kind, name }, values) {
  return kind === "date" && values[name] !== null ? readDay(values[name]) : values[name];
}

function clustering(contract) {
  return contract.columns.filter(({ role }) => role === "clustering");
}

function spread(contract, { column, scale }) {
  const shares = contract.segments
    .map((segment) => centre(contract, segment, column))
    .filter((value) => value !== null)
    .map(scale.share);
  const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length;
  return shares.reduce((sum, each) => sum + (each - mean) ** 2, 0);
}
