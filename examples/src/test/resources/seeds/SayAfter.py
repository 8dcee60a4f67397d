# Day 11, threads and asyncio, program 16
import asyncio
import time

async def say_after_time(delay, what):
    await asyncio.sleep(delay)
    print(what)

async def main():
    start = time.time()
    print('begins')
    await say_after_time(0.1, 'hello')
    await say_after_time(0.2, 'world')
    print('ends after %d ms' % ((time.time() - start) * 1000))

loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
