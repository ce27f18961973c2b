// Stores the files of the page, so that it works without a network after the first visit; of the words, those of the
// languages that were read. The build adds VERSION, FILES and WORDS before this. What the page has just loaded is asked
// for once more, but not sent again where the server says that it is the same.

self.addEventListener("install", (event) => {
  event.waitUntil(
    Promise.all([caches.open(VERSION), wordsKept()])
      .then(([cache, words]) => cache.addAll([...FILES, ...words].map(current)))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  event.respondWith(
    caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)),
  );
});

// The page names the file with the words of its language, and is answered when it is stored.
self.addEventListener("message", (event) => {
  event.waitUntil(keepWords(event.data).finally(() => event.ports[0].postMessage("done")));
});

async function keepWords(file) {
  const cache = await caches.open(VERSION);
  if (WORDS.includes(file) && !(await cache.match(file))) await cache.add(current(file));
}

function current(file) {
  return new Request(file, { cache: "no-cache" });
}

/** The files of words that an earlier version of this page has stored. */
async function wordsKept() {
  const kept = await Promise.all(WORDS.map((file) => caches.match(file)));
  return WORDS.filter((_, at) => kept[at]);
}
