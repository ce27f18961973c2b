// Loads the model and connects the parts of the page.

import * as ort from "onnxruntime-web/wasm";
import { parseContract } from "../../javascript/core/contract.js";
import { metadata } from "../../javascript/core/metadata.js";
import { checkSeal } from "../../javascript/core/seal.js";
import { Segmenter } from "../../javascript/core/segmenter.js";
import { checkVectors } from "../../javascript/core/vectors.js";
import { answerCards, ask, headline } from "./answers.js";
import { connectBatch, fileNeeds } from "./batch.js";
import { linkedCustomer, linkTo, typicalCustomer } from "./customers.js";
import { element } from "./dom.js";
import { buildForm } from "./form.js";
import { filled, inEnglish, pieces, sentence, term, words } from "./language.js";
import { fileOf, showLanguages, takenAlong, takeWords } from "./language_switch.js";
import { fetched, load } from "./loading.js";
import { drawMap } from "./map.js";
import { showSegments } from "./segments_card.js";
import { byCount, decimals, number } from "./written.js";

ort.env.wasm.numThreads = 1; // more would need two headers that plain servers do not send

const MODEL = "model.onnx";
const BLOCK = 10; // rows between two looks at the clock, which steps by 0.1 ms in a browser
const byId = (id) => document.getElementById(id);
const shown = { turn: 0, values: {}, segmenter: null };

async function start() {
  const files = load(SIZES, showProgress);
  await takeWords();
  showLanguages(byId("languages"), () => shown.values);
  for (const file of Object.values(files)) file.catch(() => {}); // what fails is told where it is waited for
  const model = await files[MODEL];
  await checkSeal(model);
  const contract = parseContract(metadata(model));
  fillPage(contract);
  ort.env.wasm.wasmBinary = (await files[RUNTIME]).buffer;
  const selfTest = !location.search.includes("without-self-test"); // then the check shows what is wrong, row by row
  shown.segmenter = await Segmenter.open(ort, model, { selfTest });
  connectBatch(shown.segmenter, { drop: byId("drop"), file: byId("file"), scored: byId("scored") });
  byId("check").addEventListener("click", () => check(shown.segmenter));
  for (const control of [byId("file"), byId("check")]) control.disabled = false;
  await show(shown.values);
}

function showProgress(bytes, total) {
  const megabytes = (count) => decimals(count / 1e6, 1);
  byId("progress").max = total;
  byId("progress").value = bytes;
  byId("arrived").textContent = filled(words.ARRIVED, { done: megabytes(bytes), total: megabytes(total) });
}

/** What the contract shows without the runtime: the form, ready to be filled in, and the segments. */
function fillPage(contract) {
  byId("model").textContent = contract.title;
  document.title = `${term(words.PAGE_TITLE)}${contract.title}`;
  showKind(contract);
  showSegments(byId("segments"), contract);
  byId("file-needs").replaceChildren(...fileNeeds(contract));
  const query = new URLSearchParams(location.search);
  const first =
    takenAlong() ?? linkedCustomer(contract, query) ?? typicalCustomer(contract, contract.segments[0]);
  const form = buildForm(byId("form"), contract, first, show);
  byId("link").addEventListener("click", () => copyLink(linkTo(contract, location.origin + location.pathname, form.values())));
  byId("answer").replaceChildren(element("section", { class: "card message" }, element("p", {}, words.WAIT)));
  document.querySelector("main").hidden = false;
}

/** What the segments may be called, where they are not natural. */
function showKind({ choice }) {
  const kind = choice?.kind ?? "natural";
  if (kind === "natural") return;
  byId("kind").replaceChildren(
    element("b", {}, sentence(words.KINDS[kind] ?? kind)),
    ` ${words.KIND_MEANINGS[kind] ?? ""}`,
  );
  byId("kind").hidden = false;
}

/** Shows what the model answers about a customer; only the answer for the newest values is shown. */
export async function show(values) {
  shown.values = values;
  if (shown.segmenter === null) return;
  const turn = (shown.turn += 1);
  const found = await ask(shown.segmenter, values);
  if (turn !== shown.turn) return;
  byId("headline").textContent = headline(found); // heard where the cards are not seen
  place(found, answerCards(shown.segmenter.contract, found));
  byId("map").classList.toggle("stale", found.errors.length > 0);
  if (found.errors.length > 0) return;
  await drawMap(byId("map-card"), byId("map"), shown.segmenter, found);
}

function place({ answer }, { answer: card, ranking, reasons, comparison }) {
  const named = answer?.enough; // then the other segments are of less interest
  byId("answer").replaceChildren(...[card, named ? null : ranking, reasons, comparison].filter(Boolean));
  byId("ranking").replaceChildren(...(named ? [ranking] : []));
}

/** What the model answers about a customer, in plain values. */
export async function answerAbout(values) {
  return ask(shown.segmenter, values);
}

async function copyLink(link) {
  history.replaceState(history.state, "", link);
  try {
    await navigator.clipboard.writeText(link);
    byId("link-told").textContent = words.LINK_COPIED;
  } catch {
    // no clipboard without https; the address bar has the link now
    byId("link-told").textContent = words.LINK_SHOWN;
  }
}

async function check(segmenter) {
  const button = byId("check");
  button.disabled = true;
  byId("checked").textContent = words.CHECKING;
  await new Promise((resolve) => setTimeout(resolve, 30)); // let the page show this first
  const vectors = await (await fetched("test_vectors.json")).json();
  const { rows, mismatches, p50 } = await checkVectors(segmenter, vectors, BLOCK);
  const right = mismatches.length === 0 ? words.CHECK_RIGHT : byCount(mismatches.length, words.CHECK_WRONG);
  byId("checked").replaceChildren(
    `${byCount(rows, words.CHECKED)} ${right} ${filled(words.CHECK_TIME, { time: number(p50) })}`,
    ...mismatches.slice(0, 10).map((line) => element("code", {}, line)),
  );
  Object.assign(byId("checked").dataset, { rows, mismatches: mismatches.length, p50, runtime: RUNTIME_VERSION });
  button.disabled = false;
}

async function keepForLater() {
  if (!("serviceWorker" in navigator)) return words.LOADED;
  await navigator.serviceWorker.register("sw.js");
  const { active } = await navigator.serviceWorker.ready;
  await new Promise((kept) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = kept;
    active.postMessage(fileOf(words.LANGUAGE.code), [port2]);
  });
  return words.STORED;
}

try {
  await start();
  byId("loading").hidden = true;
  byId("status").textContent = words.LOADED;
  byId("status").textContent = await keepForLater().catch(() => words.LOADED);
  byId("status").dataset.ready = "true";
} catch (error) {
  byId("loading").hidden = true;
  byId("status").classList.add("bad");
  byId("status").replaceChildren(...pieces(words.NOT_LOADED, { problem: inEnglish(error.message) }));
}
