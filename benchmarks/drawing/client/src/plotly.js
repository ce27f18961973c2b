import Plotly from "plotly.js-basic-dist-min";
import { labelled, offer } from "./ask.js";

offer(async (root, name, payload) => {
  const { figure, text } = JSON.parse(payload);
  labelled(root, text);
  await Plotly.react(root, figure.data, figure.layout, { displayModeBar: false, responsive: true });
});
