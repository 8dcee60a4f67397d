# Concurrent requests, program 6
import asyncio

async def task():
    print('before ....task')
    await asyncio.sleep(0.5)
    print('end ....task')

async def main():
    await asyncio.gather(task(), task())

asyncio.run(main())
