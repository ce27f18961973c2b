// Runs once in the form: keeps fields, chips and the component's value in step. `element`, `props`, `trigger`
// and `watch` come from Gradio. The value is an object, column name -> number, text or null for unknown.
const fields = [...element.querySelectorAll(".field")];
const chips = [...element.querySelectorAll("[data-fill]")];

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
  const share = element.querySelector("[data-share]");
share.addEventListener("click", async () => {
  const told = element.querySelector("[data-share-told]");
  history.replaceState(history.state, "", linked());
  try {
    await navigator.clipboard.writeText(linked());
    told.textContent = share.dataset.copied;
  } catch { // no clipboard without https; the address bar has the link now
    told.textContent = share.dataset.shown;
  }
});

// "Try it" beside a change stands elsewhere on the page.
document.addEventListener("click", (event) => {
  const change = event.target.closest("[data-apply]");
  if (change) put({ ...props.value, ...JSON.parse(change.dataset.apply) });
});

watch("value", paint);
paint();
