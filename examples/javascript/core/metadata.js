// Reads the metadata at the end of a model file without an ONNX runtime, so that a page can show its form at once.

import { ArtifactError } from "./contract.js";

const [METADATA, KEY, VALUE] = [14, 1, 2]; // numbers of the fields in onnx.proto
const BYTES = 2; // the wire type of texts and messages
const SKIPPED = /** @type {Record<number, number>} */ ({ 1: 8, 5: 4 }); // bytes of the wire types of fixed size
export const CONTRACT_KEY = "customer_segmentation";

/**
 * The text of one metadata entry.
 * @param {Uint8Array} model the bytes of the file
 * @param {string} [key]
 */
export function metadata(model, key = CONTRACT_KEY) {
  const text = findMetadata(model, key);
  if (text !== null) return text;
  throw new ArtifactError(`the model file must have the metadata '${key}', but it has none; it is foreign`);
}

/**
 * The same; null for a file without it.
 * @param {Uint8Array} model
 * @param {string} key
 */
export function findMetadata(model, key) {
  const decoder = new TextDecoder();
  for (const { field, content } of fields(model)) {
    if (field !== METADATA) continue;
    const entry = new Map([...fields(content)].map((each) => [each.field, decoder.decode(each.content)]));
    if (entry.get(KEY) === key) return entry.get(VALUE) ?? "";
  }
  return null;
}

/**
 * The fields of a message of protobuf that hold bytes.
 * @param {Uint8Array} message
 */
function* fields(message) {
  let at = 0;
  const varint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      if (at >= message.length) throw new ArtifactError("the model file must be complete, but it was cut");
      const byte = message[at];
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === BYTES) {
      const end = varint() + at;
      yield { field: Math.floor(tag / 8), content: message.subarray(at, end) };
      at = end;
    } else if (type in SKIPPED) at += SKIPPED[type];
    else varint();
  }
}
