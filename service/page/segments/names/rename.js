// Runs once on the page: opens and closes the forms on the cards of segments, and carries what is typed there to
// the server. `props`, `trigger` and `watch` come from Gradio. After a change the page is loaded again, because
// the name is on every tab; the address keeps the customer and the tab.
const LAST = "renamed-segment"; // in sessionStorage: whose button gets the focus then
let waiting = null; // the form that was sent

const openerOf = (form) => document.querySelector(`[aria-controls="${form.id}"]`);
const say = (form, sentence) => {
  const problem = form.querySelector("[role=alert]");
  problem.textContent = sentence;
  problem.hidden = !sentence;
  for (const field of form.querySelectorAll("input")) field.setAttribute("aria-invalid", Boolean(sentence));
};
const show = (form, open) => {
  form.hidden = !open;
  openerOf(form).setAttribute("aria-expanded", open);
  say(form, "");
  if (open) form.elements.name.select();
  else {
    form.reset();
    openerOf(form).focus();
  }
};
const send = (form, name) => {
  if (waiting) return;
  waiting = form;
  say(form, "");
  const { segment, model } = form.dataset;
  props.value = { segment: Number(segment), model, name, key: form.elements.key?.value ?? "" };
  trigger("input");
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-rename]");
  if (!pressed) return;
  const form = pressed.closest(".segment-card").querySelector(".rename");
  const does = pressed.dataset.rename;
  if (does === "open") show(form, form.hidden);
  if (does === "cancel") show(form, false);
  if (does === "back" && (!form.elements.key || form.elements.key.reportValidity())) send(form, "");
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".rename")) return;
  event.preventDefault();
  send(event.target, event.target.elements.name.value);
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.(".rename");
  if (form) show(form, false);
});

watch("value", () => {
  const refused = props.value.refused;
  const form = waiting;
  if (refused === undefined || !form) return;
  waiting = null;
  if (refused) {
    say(form, refused);
    (form.elements.key?.value ? form.elements.key : form.elements.name).focus();
    return;
  }
  sessionStorage.setItem(LAST, form.id);
  location.reload();
});

const last = sessionStorage.getItem(LAST);
sessionStorage.removeItem(LAST);
if (last) {
  const watching = new MutationObserver(() => {
    const button = document.querySelector(`[aria-controls="${CSS.escape(last)}"]`);
    button?.focus(); // does nothing while the page still hides it
    if (button && document.activeElement === button) watching.disconnect();
  });
  watching.observe(document.body, { childList: true, subtree: true, attributes: true });
}
