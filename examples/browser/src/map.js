// The map: the segment that the model predicts for every point of two clustering columns, as map_figure.py draws it.

import { title } from "../../javascript/core/contract.js";
import { element } from "./dom.js";
import { axesOf, centre, heldAt, placeOn } from "./map_axes.js";
import { regions } from "./map_regions.js";
import { beyond, description, note } from "./map_words.js";
import { filled, listed, words } from "./language.js";
import { ticks } from "./ticks.js";

const TOP_EDGE = 0.1; // nearer to the upper rim than this, a label turns inward
const STRIP_HEIGHT = 0.5; // where marks are when there is no second column
let latest = 0;

/** Draws the map with the customer; the clustering columns that are not on it keep the customer's values. */
export async function drawMap(card, place, segmenter, { answer, values }) {
  const turn = (latest += 1);
  const { contract } = segmenter;
  const axes = axesOf(contract);
  card.hidden = axes.length === 0;
  if (card.hidden) return;
  const held = heldAt(contract, axes, values);
  const drawing = await regions(segmenter, axes, held, answer.enough ? answer.segmentId : null);
  if (turn !== latest) return;
  const informed = answer.route !== "prior";
  const marks = [...(informed ? customer(axes, answer, values) : []), ...centres(contract, axes)];
  const plot = element(
    "div",
    { class: axes.length === 1 ? "plot strip" : "plot", role: "img", "aria-label": description(contract, axes, answer, values) },
    drawing,
    element("div", { class: "marks", "aria-hidden": true }, ...marks),
  );
  const chart = element("div", { class: "chart" }, ...upward(axes[1]), plot, ...across(axes[0]));
  const below = informed && axes.every(({ column }) => values[column.name] === null) ? [nowhere(axes)] : [];
  const caption = element("figcaption", { class: "hint" }, note(held));
  place.replaceChildren(element("figure", { class: "map" }, chart, ...below, legend(contract), caption));
  place.classList.remove("stale");
}

/** A point; a line where one of the two columns is unknown; nothing where both are. */
function customer(axes, answer, values) {
  const places = axes.map(({ column, scale }) => {
    const value = placeOn(column, values);
    return value === null ? null : Math.min(1, Math.max(0, scale.share(value)));
  });
  if (places.every((share) => share === null)) return [];
  const [x, y = STRIP_HEIGHT] = places;
  const known = x !== null && y !== null;
  const label = `${known ? words.MAP_HERE : words.MAP_SOMEWHERE}${beyond(axes, values)}`;
  const tag = element("span", { class: "tag" }, label);
  if (!known) return [mark(x === null ? "line across" : "line upward", x, y, tag)];
  return [mark(`here seg-${answer.segmentId % 10}`, x, y, element("span", { class: "halo" }), element("span", { class: "dot" }), tag)];
}

function centres(contract, axes) {
  return contract.segments.flatMap((segment) => {
    const values = axes.map(({ column }) => centre(contract, segment, column));
    const shares = axes.map(({ scale }, at) => scale.share(values[at]));
    if (values.includes(null) || !shares.every((share) => 0 <= share && share <= 1)) return [];
    const [x, y = STRIP_HEIGHT] = shares;
    return [mark(`centre seg-${segment.id % 10}`, x, y, element("span", { class: "pip", title: segment.name }))];
  });
}

function mark(kind, x, y, ...inner) {
  const made = placed(element("span", { class: y > 1 - TOP_EDGE ? `${kind} at-top` : kind }, ...inner), { left: x, bottom: y });
  made.style.setProperty("--left", x ?? 0); // by which its label is shifted, so that it stays on the map
  return made;
}

/** An element at shares of the plot; by script, because the page's policy forbids styles in markup. */
function placed(made, shares) {
  for (const [side, share] of Object.entries(shares)) {
    if (share !== null) made.style[side] = `${(share * 100).toFixed(2)}%`;
  }
  return made;
}

function across({ column, scale }) {
  return [
    element("div", { class: "x-ticks" }, ...scaled(column, scale, "left")),
    element("div", { class: "axis-title x-title" }, `${title(column)} →`),
  ];
}

function upward(axis) {
  if (axis === undefined) return [];
  return [
    element("div", { class: "axis-title y-title" }, `↑ ${title(axis.column)}`),
    element("div", { class: "y-ticks" }, ...scaled(axis.column, axis.scale, "bottom")),
  ];
}

function scaled(column, scale, side) {
  return ticks(column, scale).map(([written, value]) => placed(element("span", {}, written), { [side]: scale.share(value) }));
}

function nowhere(axes) {
  const columns = listed(axes.map(({ column }) => column.label.toLowerCase()));
  return element("p", { class: "nowhere" }, filled(words.MAP_ANYWHERE, { columns }));
}

function legend(contract) {
  const items = contract.segments.map(({ id, name }) => element("li", { class: `seg-${id % 10}` }, name));
  return element("ul", { class: "legend" }, ...items);
}
