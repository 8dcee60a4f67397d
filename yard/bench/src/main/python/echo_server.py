"""An echo server on asyncio, uvloop or gevent, which the argument names: says "ready PORT" and ends with its input."""

import os
import resource
import sys
import threading

BACKLOG = 4096
BUFFER_BYTES = 16 * 1024


def end_with_input():
    """Ends the process when that which started it has ended. In a thread of its own, which waits and costs nothing."""
    sys.stdin.buffer.read()
    os._exit(0)


def ready(port):
    print("ready", port, flush=True)


def serve_asyncio(loop_factory):
    import asyncio

    class Echo(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport = transport

        def data_received(self, data):
            self.transport.write(data)

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Echo, "127.0.0.1", 0, backlog=BACKLOG)
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(serve())


def serve_uvloop():
    import uvloop

    serve_asyncio(uvloop.new_event_loop)


def serve_gevent():
    from gevent.server import StreamServer

    def echo(connection, _address):
        try:
            while data := connection.recv(BUFFER_BYTES):
                connection.sendall(data)
        except OSError:
            pass  # The clients end their connections with a reset.

    server = StreamServer(("127.0.0.1", 0), echo, backlog=BACKLOG)
    server.start()
    ready(server.server_port)
    server.serve_forever()


_soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
threading.Thread(target=end_with_input, daemon=True).start()
match sys.argv[1]:
    case "asyncio":
        serve_asyncio(None)
    case "uvloop":
        serve_uvloop()
    case "gevent":
        serve_gevent()
