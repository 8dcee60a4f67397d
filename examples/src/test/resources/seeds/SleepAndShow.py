# Asyncio and gevent, program 4
import asyncio
import threading

async def sleep(x):
    for i in range(3):
        print('sleep {}'.format(i))
        await asyncio.sleep(x)

async def showthread(x):
    for i in range(3):
        print('tasks: {}, threads: {}'.format(len(asyncio.all_tasks()), len(threading.enumerate())))
        await asyncio.sleep(x)

async def main():
    await asyncio.wait([asyncio.create_task(sleep(0.3)), asyncio.create_task(showthread(0.2))])

asyncio.run(main())
