// A room of WebSockets on ws: what one says, all hear. Says where it listens, and ends with its input.
//
//   node room_server.mjs MODULES PATH
//
// MODULES is the directory where npm has put the package.

import { createRequire } from "node:module";
import path from "node:path";

const [modules, at] = process.argv.slice(2);
const { WebSocketServer } = createRequire(path.join(modules, "node_modules", "none.js"))("ws");

const room = new WebSocketServer({ host: "127.0.0.1", port: 0, path: at, backlog: 4096 });
room.on("connection", (member) => {
  member.on("message", (data, isBinary) => {
    for (const each of room.clients) {
      each.send(data, { binary: isBinary });
    }
  });
});
room.on("listening", () => console.log(`ready ${room.address().port}`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
