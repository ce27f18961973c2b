// The seal of a model file: its last entry, 10 fixed bytes and the hexadecimal SHA-256 of all bytes before it.

import { ArtifactError } from "./contract.js";

const DIGITS = 64;
const MARK = [0x72, 0x48, 0x0a, 0x04, ...new TextEncoder().encode("seal"), 0x12, 0x40];

/** @param {Uint8Array} model */
export function hasSeal(model) {
  const start = model.length - DIGITS - MARK.length;
  return start >= 0 && MARK.every((byte, position) => model[start + position] === byte);
}

/**
 * Refuse a file that was changed after training. A page over plain HTTP has no SHA-256 and leaves this out.
 * @param {Uint8Array} model
 */
export async function checkSeal(model) {
  if (!hasSeal(model) || !globalThis.crypto?.subtle) return;
  const body = model.slice(0, model.length - DIGITS - MARK.length);
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", body));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== new TextDecoder().decode(model.slice(model.length - DIGITS)))
    throw new ArtifactError(
      `the model file must have the SHA-256 of its seal, but its content has ${found}: it was changed after training`,
    );
}

/**
 * Refuse a file without the seal that its contract promises.
 * @param {Uint8Array} model
 */
export function requireSeal(model) {
  if (!hasSeal(model))
    throw new ArtifactError("the model file must end with its seal, but it does not: it was cut or changed after training");
}
