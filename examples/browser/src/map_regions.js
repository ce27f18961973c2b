// The segment that the model predicts for every point of the map, and where it is surer.

import { checkRow } from "../../javascript/core/validation.js";
import { drawn } from "./dom.js";

export const SURE = [0.6, 0.9]; // from these probabilities on the map is coloured more strongly
const [COLUMNS, ROWS] = [200, 132];
let kept = {}; // the last map, which is the same as long as the columns that it is not drawn along are

/** The regions as an SVG that can be stretched; that of the segment `own` stands out. */
export async function regions(segmenter, axes, held, own) {
  const at = JSON.stringify(held.map(({ value }) => value));
  if (kept.segmenter !== segmenter || kept.at !== at) kept = { segmenter, at, ...(await ask(segmenter, axes, held)) };
  const { ids, chances, rows } = kept;
  const areas = segmenter.contract.segments.flatMap(({ id }) =>
    [0, ...SURE].map((least) => {
      const d = outline(ids.map((each, cell) => each === id && chances[cell] >= least));
      return drawn("path", { class: `area seg-${id % 10}${id === own ? " own" : ""}`, d });
    }),
  );
  return drawn("svg", { viewBox: `0 0 ${COLUMNS} ${rows}`, preserveAspectRatio: "none" }, ...areas);
}

/** The segment and its probability at the middle of every cell, row by row from the top. */
async function ask(segmenter, [x, y], held) {
  const { contract } = segmenter;
  const rows = y ? ROWS : 1;
  const fixed = checkRow(contract, Object.fromEntries(held.map(({ column, value }) => [column.name, value])), {
    required: false,
  });
  const cells = Array.from({ length: COLUMNS * rows }, (_, cell) => cell);
  const columns = Object.fromEntries(contract.columns.map(({ name }) => [name, cells.map(() => fixed[name])]));
  columns[x.column.name] = cells.map((cell) => at(x, ((cell % COLUMNS) + 0.5) / COLUMNS));
  if (y) columns[y.column.name] = cells.map((cell) => at(y, 1 - (Math.floor(cell / COLUMNS) + 0.5) / rows));
  const { segment_id: found, probabilities } = await segmenter.run(columns, ["segment_id", "probabilities"]);
  const ids = Array.from(found, Number);
  return { rows, ids, chances: ids.map((id, cell) => probabilities[cell * contract.segments.length + id]) };
}

/** The value at a share of an axis; of a date a whole day. */
function at({ column, scale }, share) {
  return column.kind === "date" ? Math.round(scale.value(share)) : scale.value(share);
}

/** Cells side by side become one rectangle, and all of them one path. */
function outline(inside) {
  let path = "";
  for (let start = 0, stop = 0; start < inside.length; start = stop) {
    const row = Math.floor(start / COLUMNS);
    while (stop < (row + 1) * COLUMNS && inside[stop] === inside[start]) stop += 1;
    const wide = stop - start;
    if (inside[start]) path += `M${start % COLUMNS} ${row}h${wide}v1.05h-${wide}z`; // .05: no seam between rows
  }
  return path;
}
