"""A server by aiohttp that answers each request with a JSON document, compressed anew: says "ready PORT NAME" and ends
with its input.

    pack_server.py aiohttp "" FILE

FILE has the document. The level is that of zlib's default, 6.
"""

import asyncio
import os
import socket
import sys
import threading

import uvloop
from aiohttp import web

BACKLOG = 4096


def end_with_input():
    """Ends the process when that which started it has ended. In a thread of its own, which waits and costs nothing."""
    sys.stdin.buffer.read()
    os._exit(0)


async def serve(name, file):
    with open(file, "rb") as opened:
        document = opened.read()

    async def records(_request):
        response = web.Response(body=document, content_type="application/json")
        response.enable_compression()
        return response

    site = web.Application()
    site.add_routes([web.get("/records", records)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    sock = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    sock.setblocking(False)
    await web.SockSite(runner, sock, backlog=BACKLOG).start()
    print("ready", sock.getsockname()[1], name, flush=True)
    await asyncio.Event().wait()


threading.Thread(target=end_with_input, daemon=True).start()
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner_of_all:
    runner_of_all.run(serve(sys.argv[1], sys.argv[3]))
