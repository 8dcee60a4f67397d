"""Fetches ADDRESS/page/0 and so on by aiohttp on uvloop: prints CPU time and time of a page in nanoseconds, and the bytes of all.

    fetch_pages.py ADDRESS PAGES AT_ONCE
"""

import asyncio
import sys

import aiohttp
import uvloop
from peer import nanos_per


async def fetch(urls, at_once):
    async def length(url):
        async with session.get(url) as answer:
            return len(await answer.read())

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        return sum(await asyncio.gather(*map(length, urls)))


def work():
    global total
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        total = runner.run(fetch(pages, int(sys.argv[3])))


total = 0
pages = [f"{sys.argv[1]}/page/{i}" for i in range(int(sys.argv[2]))]
print(*nanos_per(len(pages), work), total)
