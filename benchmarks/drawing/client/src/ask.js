// Lets the benchmark draw: `ask` returns the milliseconds from a payload in hand to its drawing on the screen.

export function offer(draw) {
  const root = document.getElementById("drawing");
  // A task of its own: what the benchmark's connection evaluates itself is exempt from the page's policy.
  globalThis.readyAt = performance.now();
  globalThis.ask = (name, payload) =>
    new Promise((resolve, reject) => {
      setTimeout(async () => {
        const started = performance.now();
        try {
          await draw(root, name, payload);
        } catch (error) {
          reject(error);
        }
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - started);
          port2.postMessage(null);
        });
      }, 0);
    });
}

// A library's drawing as one picture with a text in place of it.
export function labelled(root, text) {
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", text);
}
