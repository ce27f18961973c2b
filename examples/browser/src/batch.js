// Scores a CSV file without sending it anywhere.

import Papa from "papaparse";
import { EXTRA, scoreTable } from "../../javascript/core/table.js";
import { element } from "./dom.js";
import { percent } from "./written.js";

export function connectBatch(segmenter, { drop, file, scored }) {
  const take = (chosen) => {
    if (chosen) score(segmenter, chosen, scored);
  };
  file.addEventListener("change", () => take(file.files[0]));
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
}

async function score(segmenter, file, place) {
  place.replaceChildren(element("p", {}, `Scoring ${file.name} …`));
  await new Promise((resolve) => setTimeout(resolve, 30)); // let the page show this first
  try {
    const rows = Papa.parse(await file.text(), { skipEmptyLines: "greedy" }).data;
    const start = performance.now();
    const { table, refused } = await scoreTable(segmenter, rows);
    const seconds = (performance.now() - start) / 1000;
    place.replaceChildren(...shown(segmenter.contract, file, { table, refused, seconds }));
  } catch (error) {
    place.replaceChildren(element("p", { class: "note bad" }, error.message));
  }
}

function shown(contract, file, { table, refused, seconds }) {
  const total = table.length - 1;
  const rows = total === 1 ? "1 row" : `${total.toLocaleString("en")} rows`;
  const text = Papa.unparse(table);
  const link = element("a", {
    class: "button",
    href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
    download: file.name.replace(/(\.csv)?$/i, "-segments.csv"),
  }, "Save the scored file");
  return [
    element("p", {}, `${rows} in ${seconds.toFixed(2)} s, ${refused} refused.`),
    counts(contract, table),
    link,
    ...problems(table),
  ];
}

function counts(contract, [headers, ...rows]) {
  const at = headers.length - EXTRA.length + EXTRA.indexOf("segment_id");
  const sizes = contract.segments.map(({ id }) => rows.filter((row) => row[at] === id).length);
  const items = contract.segments.map(({ id, name }, place) => {
    const share = rows.length ? sizes[place] / rows.length : 0;
    return element(
      "li",
      { class: `seg-${id % 10}` },
      element("span", { class: "label" }, name),
      element("progress", { max: 1, value: share, "aria-label": name }),
      element("span", { class: "figure" }, `${sizes[place]} (${percent(share)})`),
    );
  });
  return element("ol", { class: "ranking" }, ...items);
}

function problems([, ...rows]) {
  const refused = rows.flatMap((row, number) => (row.at(-1) ? [`Row ${number + 1}: ${row.at(-1)}`] : []));
  if (refused.length === 0) return [];
  const first = refused.slice(0, 5).map((sentence) => element("li", {}, sentence));
  return [element("p", { class: "hint" }, "Refused rows, the first five:"), element("ul", { class: "hint" }, ...first)];
}
