// The words of the page around its parts, and the links to the page in each language.

import { element } from "./dom.js";
import { speak, words } from "./language.js";
import { fetched } from "./loading.js";
import LANGUAGES from "./words/languages.json";

const ALONG = "customer"; // under which the values go along to the page in another language

/** Takes the words of the page's language; where they cannot be had, as without a network, the page is in English. */
export async function takeWords() {
  const page = document.documentElement;
  try {
    if (page.lang !== words.LANGUAGE.code) speak(await (await fetched(fileOf(page.lang))).json());
  } catch {
    Object.assign(page, { lang: words.LANGUAGE.code, dir: words.LANGUAGE.direction });
  }
  for (const place of document.querySelectorAll("[data-words]")) place.textContent = words[place.dataset.words];
  for (const place of document.querySelectorAll("[data-label]")) place.ariaLabel = words[place.dataset.label];
  page.classList.remove("waiting");
}

/** The file with the words of a language. */
export function fileOf(code) {
  return `words.${code}.json`;
}

/**
 * Fills in the links to the page in each language.
 * @param values what is entered, which goes along; not in the address, because a server would see it
 */
export function showLanguages(place, values) {
  const links = LANGUAGES.map(({ code, name, dir }) => {
    const here = code === words.LANGUAGE.code ? "page" : null;
    const own = { href: `?lang=${code}`, hreflang: code, lang: code, dir, "aria-current": here };
    return element("li", {}, element("a", own, name));
  });
  place.replaceChildren(...links);
  place.addEventListener("click", () => {
    try {
      sessionStorage.setItem(ALONG, JSON.stringify(values()));
    } catch {
      // a browser may forbid it; the form then begins with a typical customer
    }
  });
}

/** What was entered on the page in another language, once; null where nothing was. */
export function takenAlong() {
  try {
    const kept = sessionStorage.getItem(ALONG);
    sessionStorage.removeItem(ALONG);
    return JSON.parse(kept);
  } catch {
    return null;
  }
}
