// The form, one field per column of the contract.

import { title } from "../../javascript/core/contract.js";
import { FIRST_DAY, isoDate, LAST_DAY } from "../../javascript/core/dates.js";
import { readCell } from "../../javascript/core/table.js";
import { checkValue, limits } from "../../javascript/core/validation.js";
import { element, shortNumber } from "./dom.js";

/**
 * Builds the fields, filled with a typical customer. After each change `answer(values)` is called, or
 * `refuse(sentence)` with the message about the first invalid field.
 */
export function buildForm(form, contract, answer, refuse) {
  const fields = contract.columns.map((column) => field(column));
  form.replaceChildren(...fields.map(({ box }) => box));
  const changed = () => {
    const problems = fields.map((each) => each.check());
    const first = problems.find(Boolean);
    if (first) refuse(first);
    else answer(Object.fromEntries(fields.map(({ column, value }) => [column.name, value()])));
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  const clear = () => {
    for (const { input } of fields) input.value = "";
    changed();
  };
  return { changed, clear };
}

function field(column) {
  const id = `field-${column.name}`;
  const input = { category: choice, date, number }[column.kind](column, id);
  const problem = element("p", { class: "problem", id: `${id}-problem` });
  const box = element(
    "div",
    { class: "field" },
    element("label", { for: id }, title(column), ...(column.role === "clustering" ? [badge()] : [])),
    input,
    element("p", { class: "hint", id: `${id}-hint` }, hint(column)),
    problem,
  );
  const value = () => readCell(column, input.value);
  const check = () => {
    let message = "";
    try {
      checkValue(column, value());
    } catch (error) {
      message = error.message.replace(`column '${column.name}'`, column.label);
    }
    problem.textContent = message;
    input.setAttribute("aria-invalid", String(message !== ""));
    return message;
  };
  return { box, check, column, input, value };
}

function badge() {
  return element("span", { class: "badge", title: "Clustering column: decides the segment" }, "clustering");
}

function choice(column, id) {
  const options = column.categories.map(({ value }) => element("option", { value }, value));
  return element(
    "select",
    { id, "aria-describedby": `${id}-hint ${id}-problem` },
    element("option", { value: "" }, "unknown"),
    ...options,
  );
}

/** The browser's field for a date; its value is ISO text, or empty while the date is incomplete. */
function date(column, id) {
  const typical = column.quantiles["0.5"];
  const [min, max] = (limits(column) ?? [FIRST_DAY, LAST_DAY]).map(isoDate);
  return element("input", {
    id,
    type: "date",
    min,
    max,
    value: typical === undefined ? "" : isoDate(typical),
    "aria-describedby": `${id}-hint ${id}-problem`,
  });
}

function number(column, id) {
  const typical = column.quantiles["0.5"];
  return element("input", {
    id,
    type: "text", // the page cannot read invalid text from a number field
    inputmode: "decimal",
    placeholder: "unknown",
    value: typical === undefined ? "" : column.integer ? Math.round(typical) : typical,
    "aria-describedby": `${id}-hint ${id}-problem`,
  });
}

function hint(column) {
  if (column.kind === "category") return column.other ? `anything else counts as ${column.other}` : "";
  const format = column.kind === "date" ? isoDate : shortNumber;
  const [low, high] = [column.quantiles["0.05"], column.quantiles["0.95"]].map(format);
  const valid = limits(column)?.map(format).join(" to ");
  return `typical ${low} to ${high}${valid ? `, valid ${valid}` : ""}`;
}
