// The reader's language: its words, and how it writes lists and sentences, as service/languages/language.py.

import english from "./words/en.json";
import { element } from "./dom.js";

/** Every word that is shown; `LANGUAGE` has the marks of the language. English until another one speaks. */
export const words = { ...english };

/** Shows the page in another language from now on, by the content of its file of words. */
export function speak(own) {
  Object.assign(words, own);
}

/** A sentence with its `{names}` filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The same in pieces, because the values are elements. */
export function pieces(text, values) {
  return text.split(/\{(\w+)\}/).map((piece, at) => (at % 2 ? values[piece] : piece));
}

/** Items as a list in a sentence. */
export function listed(items) {
  const { comma, last } = words.LANGUAGE;
  const own = items.map(apart);
  return own.length < 2 ? own.join("") : `${own.slice(0, -1).join(comma)}${last}${own.at(-1)}`;
}

/** A term before its meaning. */
export function term(text) {
  return `${text}${words.LANGUAGE.colon}`;
}

/** A text as a sentence. */
export function sentence(text) {
  return `${text}${words.LANGUAGE.stop}`;
}

/** A text that keeps its own direction where the language runs from right to left. */
export function apart(text) {
  return words.LANGUAGE.direction === "ltr" ? text : `\u2068${text}\u2069`;
}

/** What is English in every language, such as a sentence of the model file, marked where the page is not. */
export function inEnglish(text) {
  return words.LANGUAGE.code === "en" || text === "" ? text : element("span", { lang: "en", dir: "ltr" }, text);
}
