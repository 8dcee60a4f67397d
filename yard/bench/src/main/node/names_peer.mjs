// Looks names up by c-ares, which Node.js has built in: for each line "LETTER ROUND COUNT" of its input so many names, of which it
// writes the time of all and the 99th percentile of one, both in nanoseconds. It ends with its input.
//
//   node names_peer.mjs ADDRESS:PORT AT_ONCE
//
// A look-up that fails is begun again.

import { Resolver } from "node:dns/promises";
import { createInterface } from "node:readline";

const [server, atOnce] = process.argv.slice(2);
const resolver = new Resolver();
resolver.setServers([server]);

async function lookUp(name) {
  for (;;) {
    try {
      return await resolver.resolve4(name);
    } catch (e) {
      if (e.code !== "ETIMEOUT") {
        throw e;
      }
    }
  }
}

async function round(letter, number, count) {
  const nanos = new Float64Array(count);
  let next = 0;
  const begin = performance.now();
  const workers = Array.from({ length: Number(atOnce) }, async () => {
    while (next < count) {
      const index = next++;
      const start = performance.now();
      await lookUp(`${letter}${index}.r${number}.names.test`);
      nanos[index] = (performance.now() - start) * 1e6;
    }
  });
  await Promise.all(workers);
  const all = (performance.now() - begin) * 1e6;
  nanos.sort();
  console.log(`${Math.round(all)} ${Math.round(nanos[Math.ceil(count * 0.99) - 1])}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const [letter, number, count] = line.split(" ");
  await round(letter, number, Number(count));
}
process.exit(0);
