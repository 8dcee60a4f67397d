"""The site by aiohttp, Tornado or Twisted, which the argument names: says "ready PORT NAME" and ends with its input.

A second argument names a file with a key and a certificate, for TLS; empty for none.
"""

import asyncio
import json
import logging
import os
import resource
import socket
import ssl
import sys
import threading

BACKLOG = 4096
TEXT = b"Hello, World!"
LARGE = b"x" * (100 * 1024)
TEXT_TYPE, JSON_TYPE, LARGE_TYPE = "text/plain", "application/json", "application/octet-stream"


def greeting():
    return {"message": "Hello, World!"}


def end_with_input():
    """Ends the process when that which started it has ended. In a thread of its own, which waits and costs nothing."""
    sys.stdin.buffer.read()
    os._exit(0)


def ready(port):
    print("ready", port, sys.argv[1], flush=True)


def listener():
    made = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    made.setblocking(False)
    return made


def tls(pem):
    if not pem:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def serve_aiohttp(pem):
    import uvloop
    from aiohttp import WSMsgType, web

    # It tells each connection that ends while its request is worked on, thousands behind a load.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)

    async def text(_request):
        return web.Response(body=TEXT, content_type=TEXT_TYPE)

    async def document(_request):
        return web.json_response(greeting())

    async def large(_request):
        return web.Response(body=LARGE, content_type=LARGE_TYPE)

    async def echo(request):
        messages = web.WebSocketResponse(compress=False)
        await messages.prepare(request)
        async for message in messages:
            if message.type is WSMsgType.TEXT:
                await messages.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await messages.send_bytes(message.data)
        return messages

    async def serve():
        site = web.Application()
        site.add_routes(
            [
                web.get("/plaintext", text),
                web.get("/json", document),
                web.get("/large", large),
                web.get("/echo", echo),
            ]
        )
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        sock = listener()
        await web.SockSite(runner, sock, backlog=BACKLOG, ssl_context=tls(pem)).start()
        ready(sock.getsockname()[1])
        await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def serve_tornado(pem):
    from tornado.httpserver import HTTPServer
    from tornado.web import Application, RequestHandler
    from tornado.websocket import WebSocketHandler

    class Text(RequestHandler):
        def get(self):
            self.set_header("Content-Type", TEXT_TYPE)
            self.write(TEXT)

    class Document(RequestHandler):
        def get(self):
            self.write(greeting())

    class Large(RequestHandler):
        def get(self):
            self.set_header("Content-Type", LARGE_TYPE)
            self.write(LARGE)

    class Echo(WebSocketHandler):
        def on_message(self, message):
            self.write_message(message, binary=isinstance(message, bytes))

    async def serve():
        site = Application(
            [("/plaintext", Text), ("/json", Document), ("/large", Large), ("/echo", Echo)],
            log_function=lambda _handler: None,
        )
        server = HTTPServer(site, ssl_options=tls(pem))
        sock = listener()
        server.add_socket(sock)
        ready(sock.getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(serve())


def serve_twisted(pem):
    from twisted.internet import reactor
    from twisted.web.resource import Resource
    from twisted.web.server import Site

    class Page(Resource):
        isLeaf = True

        def __init__(self, content_type, body):
            super().__init__()
            self.content_type = content_type
            self.body = body

        def render_GET(self, request):
            request.setHeader(b"Content-Type", self.content_type.encode())
            return self.body()

    root = Resource()
    root.putChild(b"plaintext", Page(TEXT_TYPE, lambda: TEXT))
    root.putChild(b"json", Page(JSON_TYPE, lambda: json.dumps(greeting()).encode()))
    root.putChild(b"large", Page(LARGE_TYPE, lambda: LARGE))
    if pem:
        from twisted.internet.ssl import DefaultOpenSSLContextFactory

        port = reactor.listenSSL(
            0, Site(root), DefaultOpenSSLContextFactory(pem, pem), backlog=BACKLOG, interface="127.0.0.1"
        )
    else:
        port = reactor.listenTCP(0, Site(root), backlog=BACKLOG, interface="127.0.0.1")
    ready(port.getHost().port)
    reactor.run(installSignalHandlers=False)


_soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
threading.Thread(target=end_with_input, daemon=True).start()
{"aiohttp": serve_aiohttp, "tornado": serve_tornado, "twisted": serve_twisted}[sys.argv[1]](sys.argv[2])
