// Loads the model and connects the parts of the page.

import * as ort from "onnxruntime-web/wasm";
import { Segmenter } from "../../javascript/core/segmenter.js";
import { title } from "../../javascript/core/contract.js";
import { checkVectors } from "../../javascript/core/vectors.js";
import { showAnswer, showProblem } from "./answer.js";
import { connectBatch } from "./batch.js";
import { element } from "./dom.js";
import { buildForm } from "./form.js";
import { drawMap } from "./map.js";

ort.env.wasm.numThreads = 1; // more would need two headers that plain servers do not send
ort.env.wasm.wasmPaths = { wasm: new URL("ort-wasm-simd-threaded.wasm", document.baseURI).href };

const BLOCK = 10; // rows between two looks at the clock, which steps by 0.1 ms in a browser
const byId = (id) => document.getElementById(id);

async function fetched(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name} must be in the folder of this page, but the server returned ${response.status}`);
  return response;
}

async function start() {
  const model = new Uint8Array(await (await fetched("model.onnx")).arrayBuffer());
  const selfTest = !location.search.includes("without-self-test"); // then the check shows what is wrong, row by row
  const segmenter = await Segmenter.open(ort, model, { selfTest });
  const { contract } = segmenter;
  byId("model").textContent = contract.title;
  byId("columns").textContent = contract.columns.map(title).join(", ");

  let asked = 0;
  let drawAgain = () => {};
  const answered = async (values) => {
    const turn = (asked += 1); // only the answer for the newest input is shown
    const answer = await segmenter.predict(values);
    if (turn !== asked) return;
    showAnswer(byId("answer"), contract, answer, values);
    drawAgain = () => drawMap(byId("map"), segmenter, answer, values);
    await drawAgain();
  };
  const refused = (sentence) => {
    asked += 1;
    showProblem(byId("answer"), sentence);
    byId("map").classList.add("stale");
  };
  const form = buildForm(byId("form"), contract, answered, refused);
  window.addEventListener("resize", () => drawAgain());
  byId("clear").addEventListener("click", () => form.clear());
  connectBatch(segmenter, { drop: byId("drop"), file: byId("file"), scored: byId("scored") });
  byId("check").addEventListener("click", () => check(segmenter));
  document.querySelector("main").hidden = false;
  form.changed();
}

async function check(segmenter) {
  const button = byId("check");
  button.disabled = true;
  byId("checked").textContent = "Checking …";
  await new Promise((resolve) => setTimeout(resolve, 30)); // let the page show this first
  const vectors = await (await fetched("test_vectors.json")).json();
  const { rows, mismatches, p50 } = await checkVectors(segmenter, vectors, BLOCK);
  const wrong = mismatches.length === 1 ? "1 value is wrong" : `${mismatches.length} values are wrong`;
  byId("checked").replaceChildren(
    `${rows} rows checked: ${mismatches.length === 0 ? "all answers are correct" : wrong}. One row takes ${p50.toFixed(0)} µs (median).`,
    ...mismatches.slice(0, 10).map((line) => element("code", {}, line)),
  );
  Object.assign(byId("checked").dataset, { rows, mismatches: mismatches.length, p50, runtime: RUNTIME_VERSION });
  button.disabled = false;
}

async function keepForLater() {
  if (!("serviceWorker" in navigator)) return "";
  await navigator.serviceWorker.register("sw.js");
  await navigator.serviceWorker.ready;
  return " and stored: the page now works without a network";
}

try {
  await start();
  byId("status").textContent = "The model is loaded.";
  byId("status").textContent = `The model is loaded${await keepForLater().catch(() => "")}.`;
  byId("status").dataset.ready = "true";
} catch (error) {
  byId("status").classList.add("bad");
  byId("status").textContent = `The model could not be loaded: ${error.message}`;
}
