// The first screen, after `useForm`, which is form.js: asks the page's handlers while Gradio loads, and hands the
// customer over once Gradio's form is there. form_page.js says so by `window.firstScreen`.
const QUIET = 400; // milliseconds without a change, so that nobody loses a field under their hands
const PATIENCE = 30_000; // milliseconds, should an answer of Gradio's page never come
const RUN = "gradio_api/run/predict";

const host = document.getElementById("first-screen");
const screen = host.shadowRoot;
if (!screen) { // an old browser waits for Gradio
  host.remove();
  return;
}
const part = (id) => screen.getElementById(id);
const [bench, element] = [part("bench"), part("form")];
const asks = JSON.parse(screen.querySelector("[data-asks]").dataset.asks);
const props = { value: asks.customer };
const fetched = window.fetch;

// Answers, of which only that to the last question is shown.
let last = 0;
const answered = async (body, query = "") => {
  const headers = { "Content-Type": "application/json" };
  const sent = await fetched(`${RUN}${query}`, { method: "POST", headers, priority: "high", body: JSON.stringify(body) });
  if (!sent.ok) throw new Error(sent.statusText);
  return (await sent.json()).data;
};
const show = async (answer, shown) => {
  const mine = ++last;
  bench.ariaBusy = "true";
  const parts = await answer.catch(() => null);
  if (mine !== last) return;
  bench.ariaBusy = null;
  element.querySelector("[data-stale]").hidden = parts !== null;
  if (parts) shown(parts);
};
const showParts = ([headline, short]) => {
  part("headline").innerHTML = headline;
  part("short").innerHTML = short;
};

let changed = 0, asking; // when the person last changed a value
const ask = () => show(answered({ fn_index: asks.shown, data: [...asks.before, props.value, ...asks.after] }), showParts);
const change = () => {
  changed = Date.now();
  form.follow();
  clearTimeout(asking);
  asking = setTimeout(ask, bench.ariaBusy ? 100 : 0); // what is typed quickly is asked for once
  bench.ariaBusy = "true";
};
const form = useForm(element, props, change, () => {});

// The customer of a link.
const fields = [...element.querySelectorAll(".field")];
const query = new URLSearchParams(location.search);
if (fields.some((field) => query.has(field.dataset.name)))
  show(answered({ fn_index: asks.opened, data: [] }, location.search), ([customer, ...parts]) => {
    props.value = customer;
    form.paint();
    showParts(parts);
  });

// A tab opens once it is there.
const links = [...screen.querySelectorAll('a[href^="#"]')];
const choose = (id) => {
  for (const link of screen.querySelectorAll(".tabs a")) link.ariaCurrent = link.hash === `#${id}` ? "true" : null;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${id === "input" ? "" : `#${id}`}`);
};
for (const link of links)
  link.addEventListener("click", (event) => {
    event.preventDefault();
    choose(link.hash.slice(1));
  });
if (location.hash) choose(location.hash.slice(1));

// What Gradio's page asks: first, who is in the address.
let open = 0, ended = 0, needed = 1;
window.fetch = async (...given) => {
  const ours = String(given[0]?.url ?? given[0]).includes("/gradio_api/run/");
  open += ours;
  try {
    return await fetched(...given);
  } finally {
    open -= ours;
    ended += ours;
  }
};

const there = (selector) => document.querySelector(`gradio-app ${selector}`);
const isWhole = () =>
  there(".hero") && there(".tabitem .card") && document.fonts.status === "loaded" &&
  (there(".sidebar.open") || !matchMedia("(min-width: 1100px)").matches);
// Nothing is half typed or held; no list and no calendar may be open in front of the page.
const isQuiet = () =>
  Date.now() - changed > QUIET && !screen.querySelector(":active") && !screen.activeElement?.validity?.badInput;
const mayBeOpen = () => Boolean(screen.activeElement?.matches("select, input[type=date]"));
const isSame = (customer) =>
  fields.every(({ dataset: { name } }) => (customer[name] ?? null) === (props.value[name] ?? null));

// Goes on with what the person does: the same field has the focus, the same part is open, the chosen tab opens.
const leave = () => {
  const inside = (place, selector) => [...place.querySelectorAll(selector)];
  const controls = "button, input, select, summary";
  const at = inside(element, controls).indexOf(screen.activeElement), onLink = links.includes(screen.activeElement);
  const real = document.getElementById("form");
  inside(real, "details").forEach((each, place) => (each.open = inside(element, "details")[place].open));
  const page = document.documentElement.classList;
  page.add("arrived", "arriving"); // at once, though Gradio fades some of its parts
  requestAnimationFrame(() => requestAnimationFrame(() => page.remove("arriving")));
  host.remove();
  const tab = there(`[data-tab-id="${CSS.escape(location.hash.slice(1) || "input")}"]`);
  tab?.click();
  const control = onLink ? tab : inside(real, controls)[at];
  control?.focus({ preventScroll: true });
  if (control?.type === "number") [control.value, control.value] = ["", control.value]; // the caret is at its end
};

window.firstScreen = (current, put) => {
  delete window.firstScreen;
  const begun = Date.now();
  let before = -1; // Gradio renders an answer a moment after it has come
  const look = () => {
    const late = Date.now() - begun > PATIENCE;
    const settled = open === 0 && ended >= needed && ended === before;
    before = ended;
    if (!isQuiet() || !((settled && isWhole() && !mayBeOpen()) || late)) return;
    if (changed && !isSame(current())) {
      needed = ended + 1;
      put(props.value);
      if (!late) return;
    }
    clearInterval(timer);
    leave();
  };
  const timer = setInterval(look, 60);
};
