// Lets the visitor choose which column of the file is which; what is likely is chosen already.

import { title } from "../../../javascript/core/contract.js";
import { element } from "../dom.js";
import { words } from "../language.js";
import { NOT_IN_FILE, proposedHeader } from "./find_columns.js";

/**
 * A list for each column of the model.
 * @param mapping column name -> header as the file was read; null where it could not be
 * @param chosen what the visitor chose before; score: called with what is chosen
 */
export function columnChoice(contract, headers, { mapping, chosen }, score) {
  const lists = contract.columns.map((column) => list(column, headers, proposed(column, headers, mapping, chosen)));
  const button = element("button", { type: "submit", class: "button" }, words.SCORE_TITLE);
  const form = element("form", { class: "choice" }, ...lists.flatMap(({ label, select }) => [label, select]), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    score(Object.fromEntries(lists.map(({ column, select }) => [column.name, select.value])));
  });
  return element("details", mapping ? {} : { open: true }, element("summary", {}, words.COLUMNS_CHOICE), form);
}

function proposed(column, headers, mapping, chosen) {
  if (chosen[column.name] !== undefined) return chosen[column.name];
  if (mapping) return mapping.get(column.name) ?? NOT_IN_FILE;
  return proposedHeader(column, headers.filter(Boolean)) ?? NOT_IN_FILE;
}

function list(column, headers, value) {
  const id = `choice-${column.name.replace(/[^\p{L}\p{N}]/gu, "_")}`; // a column's name may have spaces
  const option = (text, header) => element("option", { value: header, selected: header === value }, text);
  const options = headers.filter(Boolean).map((header) => option(header, header));
  const select = element("select", { id }, option(words.NOT_IN_FILE, NOT_IN_FILE), ...options);
  return { column, select, label: element("label", { for: id }, title(column)) };
}
