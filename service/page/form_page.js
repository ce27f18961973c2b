// What the form does beyond its fields, after form.js in the same scope: the address follows the tab, a click or
// drag on the map sets two columns, a hint follows the pointer, an answer that cannot be renewed is marked, and
// the first screen hands over.
const tabs = document.getElementById("tabs");
const openTab = (id) => [...tabs.querySelectorAll("[role=tab]")].find((each) => each.dataset.tabId === id)?.click();
tabs?.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (!tab) return;
  const hash = tab.dataset.tabId === "input" ? "" : `#${tab.dataset.tabId}`;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
});
document.querySelector("gradio-app .hero .action")?.addEventListener("click", (event) => {
  event.preventDefault();
  openTab(event.currentTarget.hash.slice(1));
});
if (location.hash) openTab(decodeURIComponent(location.hash.slice(1)));

// Along an axis of the map: where the pointer is, as a value of the column.
const valueAt = (axis, share) => {
  const held = Math.min(1, Math.max(0, share));
  const low = axis.log ? Math.log1p(axis.low) : axis.low, high = axis.log ? Math.log1p(axis.high) : axis.high;
  const position = low + held * (high - low);
  const value = axis.log ? Math.expm1(position) : position;
  const stepped = Number((Math.round(value / axis.step) * axis.step).toFixed(10));
  return axis.date ? new Date(Math.round(value) * 86_400_000).toISOString().slice(0, 10) : stepped;
};
const under = (plot, event) => {
  const box = plot.getBoundingClientRect();
  const [x, y] = JSON.parse(plot.dataset.axes);
  const found = { [x.name]: valueAt(x, (event.clientX - box.left) / box.width) };
  return y ? { ...found, [y.name]: valueAt(y, (box.bottom - event.clientY) / box.height) } : found;
};
const worded = (plot, values) =>
  JSON.parse(plot.dataset.axes)
    .map((axis) => `${axis.label} ${values[axis.name].toLocaleString(document.documentElement.lang)}${axis.unit ? ` ${axis.unit}` : ""}`)
    .join(" · ");

const hint = document.createElement("div");
hint.className = "map-hint";
hint.setAttribute("aria-hidden", "true");
document.body.append(hint);
let dragging = null; // the box of the map outlives the picture in it, which each answer replaces
const move = (event) => {
  const plot = event.target.closest?.(".plot[data-axes]");
  hint.hidden = !plot;
  if (!plot) return;
  const values = under(plot, event);
  hint.textContent = worded(plot, values);
  hint.style.translate = `${event.clientX + 14}px ${event.clientY + 14}px`;
  if (dragging) set(values);
};
const set = (values) => {
  put({ ...props.value, ...values });
  follow();
};
document.addEventListener("pointermove", move);
document.addEventListener("pointerdown", (event) => {
  const plot = event.target.closest?.(".plot[data-settable]");
  if (!plot || event.button !== 0) return;
  dragging = true;
  set(under(plot, event));
  event.preventDefault();
});
for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, () => (dragging = null));

// Marks the answer while the server cannot be reached, until it answers again.
const stale = element.querySelector("[data-stale]");
const asked = window.fetch;
const answered = (reached) => {
  stale.hidden = reached;
  document.body.classList.toggle("stale-answer", !reached);
};
if (!asked.watched) {
  window.fetch = async (...given) => {
    const ours = String(given[0]?.url ?? given[0]).includes("/gradio_api/run/");
    try {
      const answer = await asked(...given);
      if (ours) answered((answer.status < 500 && answer.status !== 404) || answer.status === 503);
      return answer;
    } catch (error) {
      if (ours) answered(false);
      throw error;
    }
  };
  window.fetch.watched = true;
}

window.firstScreen?.(() => props.value, put);
