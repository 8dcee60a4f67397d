"""Server-sent events by aiohttp: what somebody posts, all hear. Says "ready PORT NAME" and ends with its input.

    events_server.py EVENTS_PATH SAY_PATH
"""

import asyncio
import os
import resource
import socket
import sys
import threading

import uvloop
from aiohttp import web

BACKLOG = 4096
WAITING = 64


def end_with_input():
    """Ends the process when that which started it has ended. In a thread of its own, which waits and costs nothing."""
    sys.stdin.buffer.read()
    os._exit(0)


async def serve(events_path, say_path):
    readers = set()

    async def events(request):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        queue = asyncio.Queue(WAITING)
        readers.add(queue)
        try:
            while True:
                await response.write(await queue.get())
        finally:
            readers.discard(queue)

    async def say(request):
        event = b"data: %s\n\n" % await request.read()
        for queue in readers:
            # Who is slow misses the oldest.
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)
        return web.Response(status=204)

    site = web.Application()
    site.add_routes([web.get(events_path, events), web.post(say_path, say)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    sock = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    sock.setblocking(False)
    await web.SockSite(runner, sock, backlog=BACKLOG).start()
    print("ready", sock.getsockname()[1], "aiohttp", flush=True)
    await asyncio.Event().wait()


_soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
threading.Thread(target=end_with_input, daemon=True).start()
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner_of_all:
    runner_of_all.run(serve(*sys.argv[1:3]))
