// Scores a file without sending it anywhere.

import { title } from "../../javascript/core/contract.js";
import { InputError } from "../../javascript/core/validation.js";
import { element } from "./dom.js";
import { columnChoice } from "./files/column_choice.js";
import { csvTable } from "./files/csv_table.js";
import { readTable } from "./files/file_reading.js";
import { ColumnsMissing } from "./files/find_columns.js";
import { addedCells, addedNames, scoreRows } from "./files/score_rows.js";
import { refusedView, scoredView } from "./files/scored_view.js";
import { onPage } from "./form.js";
import { filled, inEnglish, listed, words } from "./language.js";
import { byCount } from "./written.js";

const ZIP = [0x50, 0x4b]; // the first bytes of a file of Excel

export function connectBatch(segmenter, { drop, file, scored }) {
  const take = (chosen) => {
    if (chosen) open(segmenter, chosen, scored);
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

/** What a file needs, before one is chosen. */
export function fileNeeds(contract) {
  const titles = (clustering) =>
    contract.columns.filter(({ role }) => (role === "clustering") === clustering).map(title);
  const [needed, others] = [titles(true), titles(false)];
  const named = (columns, text) => filled(byCount(columns.length, text), { columns: listed(columns) });
  const points = [
    named(needed, words.SCORE_NEEDS),
    ...(others.length > 0 ? [named(others, words.SCORE_HELPS)] : []),
    words.SCORE_KEEPS,
    words.FILE_STAYS,
  ];
  return points.map((point) => element("li", {}, point));
}

async function open(segmenter, file, place) {
  place.replaceChildren(element("p", {}, filled(words.FILE_READING, { name: file.name })));
  await new Promise((resolve) => setTimeout(resolve, 30)); // let the page show this first
  try {
    const table = await tableOf(file);
    await score(segmenter, file.name, table, place, {});
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    place.replaceChildren(refusedView(inEnglish(onPage(null, error.message))));
  }
}

async function tableOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!ZIP.every((byte, at) => bytes[at] === byte)) return csvTable(bytes);
  const { sheetTable } = await import("./files/sheet_table.js");
  return sheetTable(bytes);
}

/** Scores a table with the columns that the visitor chose, and shows the result with a list to choose others. */
async function score(segmenter, name, table, place, chosen) {
  const { contract } = segmenter;
  const again = (other) => score(segmenter, name, table, place, other);
  try {
    const reading = readTable(contract, table, chosen);
    const rows = await scoreRows(segmenter, reading, table, progressBar(place, table.rows.length));
    const mark = reading.commas && table.separator !== "," ? "," : ".";
    const { text, changed } = table.write(
      addedNames(table.headers),
      rows.map((row) => addedCells(contract, row, mark)),
    );
    const view = scoredView(contract, rows, { name, sentences: reading.sentences, changed });
    const choice = columnChoice(contract, table.headers, { mapping: reading.mapping, chosen }, again);
    place.replaceChildren(...view, saving(name, text), choice);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const choice =
      error instanceof ColumnsMissing ? [columnChoice(contract, table.headers, { mapping: null, chosen }, again)] : [];
    place.replaceChildren(refusedView(inEnglish(onPage(null, error.message))), ...choice);
  }
}

function progressBar(place, total) {
  const bar = element("progress", { max: total, value: 0, "aria-label": words.SCORE_TITLE });
  const text = element("p", {});
  place.replaceChildren(text, bar);
  return (done) => {
    bar.value = done;
    text.textContent = byCount(done, words.SCORE_PROGRESS);
  };
}

function saving(name, text) {
  const saved = name.replace(/(\.\w+)?$/, "-segments.csv");
  const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  return element("a", { class: "button", href, download: saved }, filled(words.SCORE_DOWNLOAD, { name: saved }));
}
