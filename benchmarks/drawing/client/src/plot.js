import * as Plot from "@observablehq/plot";
import { labelled, offer } from "./ask.js";

const SIZES = { map: 350, bars: 300, value: 300 };
const FORMAT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

function map({ x: [x], y: [y], regions, centres, here }) {
  const dot = { x: "x", y: "y" };
  return {
    x: { domain: [x.low, x.high], label: x.title },
    y: { domain: [y.low, y.high], label: y.title },
    marks: [
      Plot.line(regions, {
        ...dot, z: "loop", fill: "colour", fillOpacity: "opacity", stroke: "colour", curve: "linear-closed",
      }),
      Plot.dot(centres, { ...dot, fill: "colour", stroke: "white", r: 5 }),
      Plot.text(centres, { ...dot, text: "segment", dy: -14, stroke: "white", fill: "currentColor" }),
      Plot.dot(here, { ...dot, fill: "colour", stroke: "black", strokeWidth: 2, r: 8 }),
      Plot.text(here, { ...dot, text: "label", dy: -18, stroke: "white", fill: "currentColor" }),
    ],
  };
}

function bars({ bars: rows }) {
  return {
    marginLeft: 150,
    x: { domain: [0, 1.35], axis: null },
    y: { axis: null },
    fy: { domain: [...new Set(rows.map((row) => row.segment))], label: null, axis: "left" },
    marks: [
      Plot.barX(rows, { fy: "segment", y: "kind", x: "share", fill: "colour", fillOpacity: "opacity" }),
      Plot.text(rows, {
        fy: "segment", y: "kind", x: "share", text: (row) => FORMAT.format(row.share), dx: 4, textAnchor: "start",
      }),
    ],
  };
}

function value({ top: [{ top }], points, even }) {
  const dot = { x: "customers", y: "value" };
  return {
    x: { domain: [0, top], label: "Share of customers", tickFormat: ".0%" },
    y: { domain: [0, top], label: "Share of value", tickFormat: ".0%" },
    color: { domain: points.map((row) => row.told), range: points.map((row) => row.colour), legend: true },
    marks: [
      Plot.line(even, { ...dot, strokeDasharray: "6 5" }),
      Plot.dot(points, { ...dot, fill: "told", r: 11 }),
      Plot.text(points, { ...dot, text: "number", fill: "white" }),
    ],
  };
}

const OPTIONS = { map, bars, value };

offer((root, name, payload) => {
  const { data, text } = JSON.parse(payload);
  labelled(root, text);
  const size = { width: root.clientWidth, height: SIZES[name] };
  root.replaceChildren(Plot.plot({ ...OPTIONS[name](data), ...size }));
});
