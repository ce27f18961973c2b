// Makes elements. Texts are always set as text, so that the content of a file cannot become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children (elements or texts). */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** An SVG element with attributes and children. */
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** `86.5`, `1,234`, `0.034`: a number in short form. */
export function shortNumber(value) {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: Math.abs(value) >= 100 ? 4 : 3 }).format(value);
}

/** `35%`; a share above 0 is never shown as 0%, nor one below 1 as 100%. */
export function percent(share) {
  if (share > 0 && share < 0.01) return "<1%";
  if (share > 0.99 && share < 1) return ">99%";
  return `${Math.round(share * 100)}%`;
}
