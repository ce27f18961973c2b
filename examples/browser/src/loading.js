// Loads the files of the page and says how much of them has arrived.

/**
 * The bytes of files by name; `arrived` is called with the bytes so far and the bytes in all.
 * The build says how large the files are, because a server that compresses them does not.
 */
export function load(sizes, arrived) {
  const total = Object.values(sizes).reduce((one, other) => one + other);
  const done = new Map();
  const count = (name, bytes) => {
    done.set(name, Math.min(bytes, sizes[name]));
    arrived(
      [...done.values()].reduce((one, other) => one + other),
      total,
    );
  };
  return Object.fromEntries(Object.keys(sizes).map((name) => [name, loadOne(name, sizes[name], count)]));
}

async function loadOne(name, size, count) {
  const response = await fetched(name);
  const parts = [];
  let bytes = 0;
  for await (const part of chunks(response.body.getReader())) {
    parts.push(part);
    bytes += part.length;
    count(name, bytes);
  }
  count(name, size);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function* chunks(reader) {
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

/** The response with a file of the page's folder. */
export async function fetched(name) {
  const response = await fetch(name);
  if (!response.ok)
    throw new Error(`${name} must be in the folder of this page, but the server returned ${response.status}`);
  return response;
}
