"""A server by aiohttp that takes bodies: says "ready PORT NAME" and ends with its input.

    put_server.py aiohttp PEM DIRECTORY

PEM is a file with a key and a certificate, for TLS; empty for none. What is put to /discard/NAME is answered with its
number of bytes, what is put to /hash/NAME with its SHA-256 in hex, and what is put to /save/NAME is a file of that name
in the directory afterwards.
"""

import asyncio
import hashlib
import os
import socket
import ssl
import sys
import threading

import uvloop
from aiohttp import web

BACKLOG = 4096


def end_with_input():
    """Ends the process when that which started it has ended. In a thread of its own, which waits and costs nothing."""
    sys.stdin.buffer.read()
    os._exit(0)


async def discard(request):
    total = 0
    async for chunk in request.content.iter_any():
        total += len(chunk)
    return web.Response(text=str(total))


async def hash_all(request):
    digest = hashlib.sha256()
    async for chunk in request.content.iter_any():
        digest.update(chunk)
    return web.Response(text=digest.hexdigest())


def save_in(directory):
    async def save(request):
        with open(os.path.join(directory, request.match_info["name"]), "wb") as file:
            async for chunk in request.content.iter_any():
                file.write(chunk)
        return web.Response(status=201)

    return save


async def serve(name, pem, directory):
    site = web.Application()
    site.add_routes(
        [
            web.put("/discard/{name}", discard),
            web.put("/hash/{name}", hash_all),
            web.put("/save/{name}", save_in(directory)),
        ]
    )
    context = None
    if pem:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    sock = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    sock.setblocking(False)
    await web.SockSite(runner, sock, backlog=BACKLOG, ssl_context=context).start()
    print("ready", sock.getsockname()[1], name, flush=True)
    await asyncio.Event().wait()


threading.Thread(target=end_with_input, daemon=True).start()
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner_of_all:
    runner_of_all.run(serve(*sys.argv[1:4]))
