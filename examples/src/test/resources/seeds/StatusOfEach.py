# Concurrent requests, program 8
import aiohttp
import asyncio
import sys

async def fetch_async(session, url):
    print(url)
    response = await session.get(sys.argv[1] + url)
    print(url, response.status, response.headers['Content-Type'])
    response.close()

async def main():
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(fetch_async(session, '/baidu'), fetch_async(session, '/chouti'))

asyncio.run(main())
