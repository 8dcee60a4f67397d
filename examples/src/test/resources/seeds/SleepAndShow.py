# Asyncio and gevent, program 5
import asyncio
import threading

NAMES = ['main', 'sleeper', 'shower']

async def sleep(x):
    for i in range(3):
        print('sleep {}'.format(i))
        await asyncio.sleep(x)

async def showthread(x):
    for i in range(3):
        assert len(threading.enumerate()) == 1
        names = sorted([task.get_name() for task in asyncio.all_tasks()], key=NAMES.index)
        print('[' + ', '.join(names) + ']')
        await asyncio.sleep(x)

async def main():
    asyncio.current_task().set_name('main')
    tasks = [asyncio.create_task(sleep(0.3), name='sleeper'), asyncio.create_task(showthread(0.2), name='shower')]
    await asyncio.wait(tasks)

asyncio.run(main())
