// The published model, loaded in Node.

import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { Segmenter } from "../core/segmenter.js";

const ARTIFACTS = new URL("../../../artifacts/", import.meta.url);

export const readVectors = async () => JSON.parse(await readFile(new URL("test_vectors.json", ARTIFACTS), "utf8"));
export const readModel = async () => new Uint8Array(await readFile(new URL("model.onnx", ARTIFACTS)));
export const open = async () => Segmenter.open(ort, await readModel());
