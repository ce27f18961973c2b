// The map: the segment that the model predicts for every point of two clustering columns.

import { checkRow } from "../../javascript/core/validation.js";
import { title } from "../../javascript/core/contract.js";
import { isoDate } from "../../javascript/core/dates.js";
import { drawn, element } from "./dom.js";
import { filled, words } from "./language.js";
import { number, valueOf, withUnit } from "./written.js";

const [CELLS_X, CELLS_Y] = [200, 132];
const [LEFT, BOTTOM, TOP, RIGHT] = [52, 46, 10, 14]; // room for the scales, in pixels
let latest = 0;

/** Draws the map around the customer; columns that are not on it keep the customer's values. */
export async function drawMap(place, segmenter, answer, values) {
  const turn = (latest += 1);
  const axes = segmenter.contract.columns.filter(({ role, kind }) => role === "clustering" && kind === "number");
  if (axes.length === 0) return;
  const [x, y] = axes.slice(0, 2).map((column) => axis(column, values[column.name]));
  const regions = await ask(segmenter, x, y, values);
  if (turn !== latest) return;
  const width = Math.max(place.clientWidth, 240);
  const plan = frame(x, y, { width, height: Math.round(Math.min(Math.max(width * 0.62, 240), 520)) });
  const drawing = drawn("svg", {
    viewBox: `0 0 ${plan.width} ${plan.height}`,
    role: "img",
    "aria-label": inWords(segmenter.contract, plan, answer, values),
  });
  drawing.append(...areas(regions, plan), ...scale(plan));
  for (const segment of segmenter.contract.segments) drawing.append(...centre(segment, plan));
  drawing.append(...customer(plan, values));
  place.replaceChildren(element("figure", {}, drawing, legend(segmenter.contract)));
  place.classList.remove("stale");
}

/** A column with the span to show: the training range and the customer's value. */
function axis(column, value) {
  const shown = [column.quantiles["0.0"], column.quantiles["1.0"], ...(value === null ? [] : [value])];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const margin = (high - low || 1) * 0.05;
  const [lowest, highest] = column.range ?? [-Infinity, Infinity];
  return { column, low: Math.max(low - margin, lowest), high: Math.min(high + margin, highest) };
}

/** The positions of values in the drawing; `y` may be missing. */
function frame(x, y, { width, height }) {
  const [end, floor] = [width - RIGHT, height - BOTTOM];
  const share = ({ low, high }, value) => (value - low) / (high - low);
  const across = (value) => LEFT + share(x, value) * (end - LEFT);
  const up = (value) => (y ? floor - share(y, value) * (floor - TOP) : (floor + TOP) / 2);
  return { x, y, width, height, end, floor, across, up };
}

/** The segment at the middle of every cell, row by row from the top. */
async function ask(segmenter, x, y, values) {
  const held = checkRow(
    segmenter.contract,
    Object.fromEntries(segmenter.contract.columns.map((column) => [column.name, heldAt(column, values)])),
  );
  const cells = CELLS_X * (y ? CELLS_Y : 1);
  const columns = Object.fromEntries(Object.entries(held).map(([name, value]) => [name, Array(cells).fill(value)]));
  const middle = ({ low, high }, share) => low + (high - low) * share;
  for (let cell = 0; cell < cells; cell += 1) {
    columns[x.column.name][cell] = middle(x, ((cell % CELLS_X) + 0.5) / CELLS_X);
    if (y) columns[y.column.name][cell] = middle(y, 1 - (Math.floor(cell / CELLS_X) + 0.5) / CELLS_Y);
  }
  const { segment_id: ids } = await segmenter.run(columns, ["segment_id"]);
  return Array.from(ids, Number);
}

function heldAt(column, values) {
  if (values[column.name] !== null || column.role !== "clustering") return values[column.name];
  if (column.kind === "category") return column.categories[0].value;
  return column.kind === "date" ? isoDate(column.quantiles["0.5"]) : column.quantiles["0.5"];
}

/** Cells of the same segment in a row become one rectangle, and those of a segment one path. */
function areas(regions, { y, end, floor }) {
  const [width, height] = [(end - LEFT) / CELLS_X, (floor - TOP) / (y ? CELLS_Y : 1)];
  const paths = new Map();
  for (let start = 0, stop = 0; start < regions.length; start = stop) {
    const row = Math.floor(start / CELLS_X);
    while (stop < (row + 1) * CELLS_X && regions[stop] === regions[start]) stop += 1;
    const [left, top] = [LEFT + (start % CELLS_X) * width, TOP + row * height].map((each) => each.toFixed(2));
    const wide = ((stop - start) * width).toFixed(2);
    const box = `M${left} ${top}h${wide}v${(height + 0.3).toFixed(2)}h-${wide}z`; // 0.3: no seam between rows
    paths.set(regions[start], (paths.get(regions[start]) ?? "") + box);
  }
  return [...paths].map(([id, d]) => drawn("path", { class: `area seg-${id % 10}`, d }));
}

function ticks({ low, high }, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, place) => (first + place) * step);
}

function scale({ x, y, width, height, end, floor, across, up }) {
  const middle = { across: (LEFT + end) / 2, up: (floor + TOP) / 2 };
  const text = (attributes, content) => drawn("text", { "text-anchor": "middle", ...attributes }, content);
  const parts = ticks(x, width / 90).map((value) => text({ x: across(value), y: floor + 18 }, number(value)));
  parts.push(text({ class: "title", x: middle.across, y: height - 6 }, title(x.column)));
  if (!y) return parts;
  for (const value of ticks(y, height / 60)) {
    parts.push(text({ x: LEFT - 8, y: up(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const turned = `rotate(-90 14 ${middle.up})`;
  parts.push(text({ class: "title", x: 14, y: middle.up, transform: turned }, title(y.column)));
  return parts;
}

function centre({ id, centroid }, { x, y, across, up }) {
  const [cx, cy] = [centroid[x.column.name], y ? centroid[y.column.name] : 0];
  if (cx === undefined || cy === undefined) return [];
  return [drawn("circle", { class: `centre seg-${id % 10}`, cx: across(cx), cy: up(cy), r: 6 })];
}

/** A point; a line where one of the two columns is unknown; nothing where both are. */
function customer({ x, y, end, floor, across, up }, values) {
  const [here, there] = [values[x.column.name], y ? values[y.column.name] : 0];
  if (here === null && (there === null || !y)) return [];
  if (here === null) return [drawn("line", { class: "here", x1: LEFT, x2: end, y1: up(there), y2: up(there) })];
  const cx = across(here);
  if (there === null) return [drawn("line", { class: "here", x1: cx, x2: cx, y1: TOP, y2: floor })];
  const point = { cx, cy: up(there) };
  return [drawn("circle", { class: "ring", ...point, r: 12 }), drawn("circle", { class: "here", ...point, r: 5 })];
}

function legend(contract) {
  const items = contract.segments.map(({ id, name }) => element("li", { class: `seg-${id % 10}` }, name));
  return element("ul", { class: "legend" }, ...items);
}

/** The map for those who do not see it, as service/page/views/map_text.py. */
function inWords(contract, { x, y }, answer, values) {
  const axes = y ? [x, y] : [x];
  const at = (places) => position(axes, places);
  const centres = contract.segments
    .map(({ name, centroid }) => [name, axes.map(({ column }) => centroid[column.name] ?? null)])
    .filter(([, places]) => !places.includes(null))
    .map(([segment, places]) => filled(words.MAP_TEXT_CENTRE, { segment, place: at(places) }));
  return filled(y ? words.MAP_TEXT : words.MAP_TEXT_STRIP, {
    x: title(x.column),
    y: y ? title(y.column) : "",
    customer: whereabouts(answer, axes.map(({ column }) => values[column.name]), at),
    centres: centres.join(" "),
  });
}

function whereabouts(answer, places, at) {
  if (answer.route === "prior") return "";
  if (!places.includes(null)) return filled(words.MAP_TEXT_HERE, { place: at(places), segment: answer.segment });
  const known = places.some((place) => place !== null);
  return known ? filled(words.MAP_TEXT_LINE, { place: at(places) }) : words.MAP_TEXT_ANYWHERE;
}

function position(axes, places) {
  return axes
    .map(({ column }, at) => [column, places[at]])
    .filter(([, value]) => value !== null)
    .map(([column, value]) => `${column.label.toLowerCase()} ${withUnit(column, valueOf(column, value))}`)
    .join(", ");
}
