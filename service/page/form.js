// Runs once in the form: keeps fields, chips and the component's value in step. `element`, `props`, `trigger`
// and `watch` come from Gradio. The value is an object, column name -> number, text (of a date in ISO 8601) or
// null for unknown.
const fields = [...element.querySelectorAll(".field")];
const chips = [...element.querySelectorAll("[data-fill]")];

// Says at the field itself what is wrong there, whatever is wrong in others.
const paintProblem = (field, box) => {
  const whole = box.dataset.whole === undefined || Number.isInteger(Number(box.value || 0));
  const wrong = box.validity.badInput || box.validity.rangeUnderflow || box.validity.rangeOverflow || !whole;
  box.setAttribute("aria-invalid", wrong);
  field.querySelector(".field-problem").hidden = !wrong;
};

const paintNumber = (field, value) => {
  const box = field.querySelector("input[type=number]");
  const slider = field.querySelector("input[type=range]");
  const unknown = field.querySelector("input[type=checkbox]");
  const shown = box.value === "" ? null : Number(box.value);
  if (shown !== value) box.value = value ?? ""; // leaves alone what is being typed, such as a lone minus
  if (value !== null) slider.value = value;
  slider.setAttribute("aria-valuetext", value === null ? slider.dataset.unknown : String(value));
  if (unknown) unknown.checked = value === null;
  const low = Number(slider.min), high = Number(slider.max);
  const share = Math.min(1, Math.max(0, (Number(slider.value) - low) / (high - low)));
  field.style.setProperty("--at", share);
  paintProblem(field, box);
  field.dataset.beyond = value === null || (value >= low && value <= high) ? "no" : value > high ? "above" : "below";
};

const paintDate = (field, value) => {
  const box = field.querySelector("input[type=date]");
  const unknown = field.querySelector("input[type=checkbox]");
  if (box.value !== (value ?? "")) box.value = value ?? ""; // leaves alone a date that is half typed
  if (unknown) unknown.checked = value === null;
  paintProblem(field, box);
};

const paintCategory = (field, value) => {
  const list = field.querySelector("select");
  if (list) list.value = value ?? "";
  for (const pill of field.querySelectorAll("input[type=radio]")) pill.checked = pill.value === (value ?? "");
};

const dateIn = (field) => field.querySelector("input[type=date]").dataset.middle;
const numberIn = (field) => Number(field.querySelector("input[type=range]").value);

// What each control of service/page/fields.py shows, and the value it starts from when it becomes known.
const CONTROLS = {
  number: { paint: paintNumber, start: numberIn },
  date: { paint: paintDate, start: dateIn },
  category: { paint: paintCategory },
};

const paint = () => {
  const customer = props.value;
  for (const field of fields) {
    const value = customer[field.dataset.name] ?? null;
    field.dataset.known = value !== null;
    CONTROLS[field.dataset.control].paint(field, value);
  }
  for (const chip of chips) {
    const fill = JSON.parse(chip.dataset.fill);
    const same = Object.keys(fill).every((name) => fill[name] === (customer[name] ?? null));
    chip.setAttribute("aria-pressed", same);
  }
};

const put = (customer) => {
  props.value = customer;
  paint();
  trigger("input");
};

const valueOf = (field, control) => {
  if (control.type === "checkbox") {
    return control.checked ? null : CONTROLS[field.dataset.control].start(field);
  }
  if (control.type === "range" || control.type === "number") {
    return control.value === "" ? null : Number(control.value);
  }
  return control.value === "" ? null : control.value;
};

element.addEventListener("input", (event) => {
  const field = event.target.closest(".field");
  if (field) put({ ...props.value, [field.dataset.name]: valueOf(field, event.target) });
});

element.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (chip) put(JSON.parse(chip.dataset.fill));
});

// A link carries what is known in its query string; a column that it leaves out is unknown.
const link = () => {
  const known = Object.entries(props.value).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(known.map(([name, value]) => [name, String(value)]));
  return `${location.origin}${location.pathname}?${query}`;
};

const linker = element.querySelector("[data-share]");
linker.addEventListener("click", async () => {
  const told = element.querySelector("[data-share-told]");
  history.replaceState(history.state, "", link());
  try {
    await navigator.clipboard.writeText(link());
    told.textContent = linker.dataset.copied;
  } catch { // no clipboard without https; the address bar has the link now
    told.textContent = linker.dataset.shown;
  }
});

// "Try it" beside a change stands elsewhere on the page.
document.addEventListener("click", (event) => {
  const change = event.target.closest("[data-apply]");
  if (change) put({ ...props.value, ...JSON.parse(change.dataset.apply) });
});

// The address follows the customer.
const AFTER = 400; // milliseconds without a change until it does
let following;
const follow = () => {
  clearTimeout(following);
  following = setTimeout(() => history.replaceState(history.state, "", `${link()}${location.hash}`), AFTER);
};
element.addEventListener("input", follow);

watch("value", paint);
paint();
