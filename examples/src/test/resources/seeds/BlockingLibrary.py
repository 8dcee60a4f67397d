# Concurrent requests, program 9
import asyncio
import requests
import sys
from urllib.parse import urlparse

async def task(func, *args):
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, func, *args)
    response = await future
    print(urlparse(response.url).path, response.text)

async def main():
    await asyncio.gather(
        task(requests.get, sys.argv[1] + '/cnblogs'),
        task(requests.get, sys.argv[1] + '/chouti'))

asyncio.run(main())
