// The map in words, as service/page/views/map_text.py: for those who do not see it, and what it was drawn at.

import { title } from "../../javascript/core/contract.js";
import { centre, placeOn } from "./map_axes.js";
import { SURE } from "./map_regions.js";
import { filled, words } from "./language.js";
import { day, enteredIn, number, percent, valueOf, withUnit } from "./written.js";

/** The map for those who do not see it. */
export function description(contract, axes, answer, values) {
  const [x, y] = axes;
  const centres = contract.segments
    .map(({ name, ...segment }) => [name, axes.map(({ column }) => centre(contract, segment, column))])
    .filter(([, places]) => !places.includes(null))
    .map(([segment, places]) => filled(words.MAP_TEXT_CENTRE, { segment, place: position(axes, places) }));
  return filled(y ? words.MAP_TEXT : words.MAP_TEXT_STRIP, {
    x: title(x.column),
    y: y ? title(y.column) : "",
    customer: whereabouts(axes, answer, values),
    centres: centres.join(" "),
  });
}

/** What the colours mean, and what the other clustering columns were fixed at. */
export function note(held) {
  const colours = filled(words.MAP_NOTE, { some: percent(SURE[0]), most: percent(SURE[1]) });
  if (held.length === 0) return colours;
  return `${colours} ${filled(words.MAP_HELD, { columns: held.map(fixed).join(", ") })}`;
}

/** What is off the map, in words after those of the customer. */
export function beyond(axes, values) {
  const far = axes
    .filter(({ column, scale }) => {
      const share = values[column.name] === null ? 0 : scale.share(placeOn(column, values));
      return share < -1e-9 || share > 1 + 1e-9;
    })
    .map(({ column }) => withUnit(column, enteredIn(column, values[column.name])));
  return far.length > 0 ? `, ${filled(words.MAP_BEYOND, { value: far.join(", ") })}` : "";
}

function fixed({ column, value, known }) {
  const written = { number, date: day, category: String }[column.kind](value);
  const own = withUnit(column, written);
  return `${column.label} ${known ? own : filled(words.MAP_HELD_TYPICAL, { value: own })}`;
}

function whereabouts(axes, answer, values) {
  if (answer.route === "prior") return "";
  const places = axes.map(({ column }) => placeOn(column, values));
  const place = position(axes, places);
  if (!places.includes(null)) return filled(words.MAP_TEXT_HERE, { place, segment: answer.segment });
  return place ? filled(words.MAP_TEXT_LINE, { place }) : words.MAP_TEXT_ANYWHERE;
}

function position(axes, places) {
  return axes
    .map(({ column }, at) => [column, places[at]])
    .filter(([, value]) => value !== null)
    .map(([column, value]) => `${column.label.toLowerCase()} ${withUnit(column, valueOf(column, value))}`)
    .join(", ");
}
