import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import { labelled, offer } from "./ask.js";

const views = {}; // one for each drawing: later answers only replace its data

async function begun(root, spec, datasets) {
  const { spec: vega } = compile({ ...spec, datasets });
  // With the interpreter, expressions do not become functions, which a policy without unsafe-eval refuses.
  const view = new View(parse(vega, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: root,
  });
  await view.runAsync();
  return { view, names: vega.data.map((each) => each.name) };
}

offer(async (root, name, payload) => {
  const { datasets, text } = JSON.parse(payload);
  labelled(root, text);
  if (!(name in views)) {
    views[name] = await begun(root, JSON.parse(document.getElementById("specs").textContent)[name], datasets);
    return;
  }
  const { view, names } = views[name];
  for (const [key, values] of Object.entries(datasets)) if (names.includes(key)) view.data(key, values);
  await view.runAsync();
});
