// Runs before the page is drawn: chooses its language, so that its direction is right at once and its words are on
// their way. By `?lang=de`, which is remembered; a folder `/de/`; what was chosen before; what the browser prefers.

import LANGUAGES from "./words/languages.json";

const CHOICE = "lang"; // in the address, and the name under which it is remembered
const known = (code) => LANGUAGES.find((each) => each.code === code);

function remembered(chosen) {
  try {
    if (chosen) localStorage.setItem(CHOICE, chosen.code);
    return known(localStorage.getItem(CHOICE));
  } catch {
    return chosen; // a browser may forbid it
  }
}

function preferred() {
  return navigator.languages.map((each) => known(each.toLowerCase().split("-")[0])).find(Boolean);
}

const asked = known(new URLSearchParams(location.search).get(CHOICE));
const before = remembered(asked);
const { code, dir } = asked ?? known(location.pathname.split("/").at(-2)) ?? before ?? preferred() ?? LANGUAGES[0];
Object.assign(document.documentElement, { lang: code, dir });
if (code !== "en") {
  const words = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `words.${code}.json` };
  document.head.append(Object.assign(document.createElement("link"), words));
  document.documentElement.classList.add("waiting"); // for the words
}
