// The form, one field per column of the contract, and typical customers to start from.

import { title } from "../../javascript/core/contract.js";
import { FIRST_DAY, isoDate, LAST_DAY } from "../../javascript/core/dates.js";
import { readCell } from "../../javascript/core/table.js";
import { checkValue, limits } from "../../javascript/core/validation.js";
import { element } from "./dom.js";
import { typicalCustomer, unknownCustomer } from "./customers.js";
import { filled, words } from "./language.js";
import { byCount, day, inField, number, rounded, valueOf, withUnit } from "./written.js";

const GROUPED = /^\s*[+-]?\d{1,3}(\.\d{3})+\s*$/;
const MOST_FIELDS = 12; // of more columns, only the clustering columns are in view at first

/**
 * Builds the fields, filled with a customer. After each change `changed(values)` is called.
 */
export function buildForm(form, contract, customer, changed) {
  const fields = contract.columns.map((column) => field(column));
  const values = () => Object.fromEntries(fields.map(({ column, value }) => [column.name, value()]));
  const tell = () => {
    for (const each of fields) each.check();
    for (const chip of chips) chip.press(values());
    changed(values());
  };
  const fill = (known) => {
    for (const { column, input } of fields) input.value = inField(known[column.name]);
    tell();
  };
  const chips = [
    ...contract.segments.map((segment) =>
      chip(segment.name, typicalCustomer(contract, segment), fill, `seg-${segment.id % 10}`),
    ),
    chip(words.CLEAR, unknownCustomer(contract), fill, "plain"),
  ];
  chips.at(-1).button.id = "clear";
  form.replaceChildren(examples(chips), ...folded(fields));
  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => event.preventDefault());
  fill(customer);
  return { fill, values };
}

function examples(chips) {
  return element(
    "div",
    { class: "examples" },
    element("p", { class: "hint", id: "examples-title" }, words.EXAMPLES),
    element(
      "div",
      { class: "chips", role: "group", "aria-labelledby": "examples-title" },
      ...chips.map(({ button }) => button),
    ),
  );
}

function chip(label, customer, fill, kind) {
  const button = element("button", { type: "button", class: `chip swatched ${kind}`, "aria-pressed": "false" }, label);
  button.addEventListener("click", () => fill(customer));
  const press = (values) => {
    const same = Object.entries(customer).every(([name, value]) => values[name] === value);
    button.setAttribute("aria-pressed", String(same));
  };
  return { button, press };
}

/** The fields; of many columns, the profile columns are folded at the end. */
function folded(fields) {
  const more = fields.filter(({ column }) => column.role !== "clustering");
  if (fields.length <= MOST_FIELDS || more.length === 0) return fields.map(({ box }) => box);
  const head = element("summary", {}, byCount(more.length, words.MORE_FIELDS));
  const first = fields.filter((each) => !more.includes(each)).map(({ box }) => box);
  return [...first, element("details", { class: "more" }, head, ...more.map(({ box }) => box))];
}

function field(column) {
  const id = `field-${column.name.replace(/[^\p{L}\p{N}]/gu, "_")}`; // a column's name may have spaces
  const input = { category: choice, date, number: numberBox }[column.kind](column, id);
  const problem = element("p", { class: "problem", id: `${id}-problem` });
  const box = element("div", { class: "field" }, label(column, id), input, hint(column, `${id}-hint`), problem);
  const value = () => typed(column, input.value);
  const check = () => {
    problem.textContent = problemOf(column, value());
    input.setAttribute("aria-invalid", String(problem.textContent !== ""));
  };
  return { box, check, column, input, value };
}

function label(column, id) {
  const badge = element("span", { class: "badge", title: words.CLUSTERING_HINT }, words.CLUSTERING_BADGE);
  return element("label", { for: id }, title(column), ...(column.role === "clustering" ? [badge] : []));
}

function problemOf(column, value) {
  try {
    checkValue(column, value);
    return "";
  } catch {
    return needed(column);
  }
}

/** What a value must be, as service/page/fields.py. */
function needed(column) {
  const span = spanOf(column);
  if (span === null) return column.integer ? words.NO_WHOLE : words.NO_NUMBER;
  if (column.kind === "date") return filled(words.OUTSIDE_DATE, span);
  return filled(column.integer ? words.OUTSIDE_WHOLE : words.OUTSIDE, span);
}

/** What a field holds. Where numbers have a decimal comma, `1.234` could have either mark and is no number. */
function typed(column, text) {
  const { decimal } = words.LANGUAGE;
  if (column.kind !== "number" || decimal === ".") return readCell(column, text);
  return GROUPED.test(text) ? text : readCell(column, text.replace(decimal, "."));
}

/** A refusal as the page shows it: a whole sentence about the column's label. */
export function onPage(column, sentence) {
  const about = sentence.replace(`column '${column?.name}'`, column?.label ?? "");
  return /[.?!]$/.test(about) ? about : `${about}.`;
}

function choice(column, id) {
  const options = column.categories.map(({ value }) => element("option", { value }, value));
  const unknown = column.missing_allowed ? [element("option", { value: "" }, words.UNKNOWN)] : [];
  return element("select", { id, "aria-describedby": described(id) }, ...unknown, ...options);
}

/** The browser's field for a date; its value is ISO text, or empty while the date is incomplete. */
function date(column, id) {
  const [min, max] = (limits(column) ?? [FIRST_DAY, LAST_DAY]).map(isoDate);
  return element("input", { id, type: "date", min, max, "aria-describedby": described(id) });
}

function numberBox(column, id) {
  return element("input", {
    id,
    type: "text", // the page cannot read invalid text from a number field
    inputmode: "decimal",
    placeholder: words.UNKNOWN_BOX,
    "aria-describedby": described(id),
  });
}

function described(id) {
  return `${id}-hint ${id}-problem`;
}

/** Where the middle half of the training customers is, and what is valid. */
function hint(column, id) {
  return element("p", { class: "hint", id }, ...hints(column).map((text) => element("span", {}, text)));
}

function hints(column) {
  if (column.kind === "category")
    return column.other ? [filled(words.OTHER_VALUES, { other: column.other })] : [];
  const [low, high] = [column.quantiles["0.25"], column.quantiles["0.75"]];
  const span = spanOf(column);
  return [
    ...(low === undefined || high === undefined
      ? []
      : [filled(words.TYPICAL, { low: typical(column, low), high: typical(column, high) })]),
    ...(span ? [filled(words.VALID, span)] : []),
  ];
}

/** The limits of a column in words; null where it has none. */
function spanOf(column) {
  const ends = limits(column)?.map((end) => valueOf(column, end));
  return ends ? { low: ends[0], high: withUnit(column, ends[1]) } : null;
}

function typical(column, level) {
  const value = rounded(column, level);
  return typeof value === "string" ? day(value) : number(value);
}
