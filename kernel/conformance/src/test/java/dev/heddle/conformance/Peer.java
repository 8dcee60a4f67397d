package dev.heddle.conformance;

import java.util.ArrayList;
import java.util.List;

/** Programs of others that can echo, and send what they are given and print what comes back. */
enum Peer {
    SOCAT {
        @Override
        List<String> server(Place place) {
            String listen = place.isPath()
                    ? "UNIX-LISTEN:" + place.target()
                    : "TCP-LISTEN:" + place.target() + ",bind=127.0.0.1,reuseaddr";
            return List.of(Program.find("socat"), "-t", "30", listen, "EXEC:cat");
        }

        @Override
        List<String> client(Place place) {
            String connect = place.isPath() ? "UNIX-CONNECT:" + place.target() : "TCP:127.0.0.1:" + place.target();
            return List.of(Program.find("socat"), "-t", "30", "-", connect);
        }
    },
    /** Its server does not echo, since it ends with its child's input: it does what a client does. */
    NCAT {
        @Override
        List<String> server(Place place) {
            List<String> command = new ArrayList<>(List.of(Program.find("ncat"), "-l"));
            command.addAll(where(place));
            return command;
        }

        @Override
        List<String> client(Place place) {
            List<String> command = new ArrayList<>(List.of(Program.find("ncat")));
            command.addAll(where(place));
            return command;
        }

        private static List<String> where(Place place) {
            return place.isPath() ? List.of("-U", place.target()) : List.of("127.0.0.1", place.target());
        }
    },
    PYTHON {
        @Override
        List<String> server(Place place) {
            return python(place, """
                    import asyncio, sys
                    unix, target = sys.argv[1] == "unix", sys.argv[2]
                    async def echo(reader, writer):
                        while data := await reader.read(65536):
                            writer.write(data)
                            await writer.drain()
                        writer.close()
                        await writer.wait_closed()
                    async def main():
                        if unix:
                            server = await asyncio.start_unix_server(echo, target)
                        else:
                            server = await asyncio.start_server(echo, "127.0.0.1", int(target))
                        async with server:
                            await server.serve_forever()
                    asyncio.run(main())
                    """);
        }

        @Override
        List<String> client(Place place) {
            return python(place, """
                    import asyncio, sys
                    unix, target = sys.argv[1] == "unix", sys.argv[2]
                    async def main():
                        if unix:
                            reader, writer = await asyncio.open_unix_connection(target)
                        else:
                            reader, writer = await asyncio.open_connection("127.0.0.1", int(target))
                        async def send():
                            writer.write(sys.stdin.buffer.read())
                            await writer.drain()
                            writer.write_eof()
                        sending = asyncio.create_task(send())
                        sys.stdout.buffer.write(await reader.read())
                        await sending
                        writer.close()
                        await writer.wait_closed()
                    asyncio.run(main())
                    """);
        }

        private static List<String> python(Place place, String script) {
            return List.of(Program.find("python3"), "-c", script, place.isPath() ? "unix" : "tcp", place.target());
        }
    },
    NODE {
        @Override
        List<String> server(Place place) {
            return node(place, """
                    const server = require("net").createServer({ allowHalfOpen: true }, s => s.pipe(s));
                    server.listen(where);
                    """);
        }

        @Override
        List<String> client(Place place) {
            return node(place, """
                    const socket = require("net").connect({ ...where, allowHalfOpen: true });
                    process.stdin.pipe(socket);
                    socket.pipe(process.stdout);
                    """);
        }

        private static List<String> node(Place place, String script) {
            String where = place.isPath()
                    ? "{ path: process.argv[1] }"
                    : "{ host: \"127.0.0.1\", port: +process.argv[1] }";
            return List.of(Program.find("node"), "-e", "const where = " + where + ";\n" + script, place.target());
        }
    };

    /** Echoes each connection until it ends; but for {@link #NCAT}. */
    abstract List<String> server(Place place);

    /** Sends its input, ends its output, and prints what comes until the end. */
    abstract List<String> client(Place place);
}
