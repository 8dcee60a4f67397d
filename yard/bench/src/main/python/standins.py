"""What programs of the documents need to run today and here, put in from outside, so that they stay as they are."""

import _socket
import asyncio
import os
import pathlib
import socket
import sys
import threading
import time
import types

HERE = "127.0.0.1"
NOBODY = "fakedomain"
HAND_MADE = pathlib.Path(__file__).with_name("originals") / "standins"


def redirect(port):
    """Whatever site a program asks, it asks this port of this machine; nothing leaves it."""
    look_up, connect = _socket.getaddrinfo, socket.socket.connect

    def getaddrinfo(host, _service, *rest, **options):
        name = host.decode() if isinstance(host, bytes) else host
        if name == NOBODY:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(HERE, port, *rest, **options)

    _socket.getaddrinfo = getaddrinfo
    socket.socket.connect = lambda self, _address: connect(self, (HERE, port))
    os.environ["NO_PROXY"] = "*"


def shorten_sleeps(factor):
    if factor > 1:
        sleep = time.sleep
        time.sleep = lambda seconds: sleep(seconds / factor)


def put_in(source):
    """Gives a program the calls that are gone: asyncio.coroutine and yield from with aiohttp, Twisted's getPage, the callback of Tornado's fetch; and grequests."""
    if not hasattr(asyncio, "coroutine"):
        asyncio.coroutine = types.coroutine
    if "aiohttp" in source:
        put_in_yield_from()
    if "grequests" in source:
        sys.path.append(str(HAND_MADE))
    if "twisted" in source:
        put_in_get_page()
        put_in_reactor()
    if "tornado" in source:
        put_in_callback()


def put_in_yield_from():
    from aiohttp import client

    client._SessionRequestContextManager.__iter__ = lambda self: self.__aenter__().__await__()


def put_in_get_page():
    from twisted.internet import reactor
    from twisted.web import client

    if not hasattr(client, "getPage"):
        client.getPage = lambda url: client.Agent(reactor).request(b"GET", url).addCallback(client.readBody)


def put_in_reactor():
    """Twisted's reactor runs once in a process: here its run and its stop only begin and end to turn it."""
    from twisted.internet import reactor

    stopped = False

    def run():
        nonlocal stopped
        stopped = False
        while not stopped:
            reactor.runUntilCurrent()
            if not stopped:
                reactor.doIteration(reactor.timeout())

    def stop():
        nonlocal stopped
        stopped = True

    reactor.startRunning(installSignalHandlers=False)
    reactor.run, reactor.stop = run, stop
    reactor.getThreadPool().threadFactory = lambda **options: threading.Thread(daemon=True, **options)


def put_in_callback():
    from tornado.httpclient import AsyncHTTPClient

    fetch = AsyncHTTPClient.fetch
    AsyncHTTPClient.fetch = lambda self, request, callback: fetch(self, request, raise_error=False).add_done_callback(
        lambda future: callback(future.result())
    )
