// Server-sent events by http alone: what somebody posts, all hear. Says where it listens, and ends with its input.
//
//   node events_server.mjs EVENTS_PATH SAY_PATH

import http from "node:http";

const [eventsPath, sayPath] = process.argv.slice(2);
const readers = new Set();

const server = http.createServer((request, response) => {
  if (request.url === eventsPath) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.flushHeaders();
    readers.add(response);
    response.on("close", () => readers.delete(response));
  } else if (request.url === sayPath) {
    request.setEncoding("utf8");
    let text = "";
    request.on("data", (piece) => (text += piece));
    request.on("end", () => {
      const event = `data: ${text}\n\n`;
      for (const reader of readers) {
        // Who is slow misses it, or memory would grow.
        if (!reader.writableNeedDrain) {
          reader.write(event);
        }
      }
      response.writeHead(204).end();
    });
  } else {
    response.writeHead(404).end();
  }
});
server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => console.log(`ready ${server.address().port}`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
