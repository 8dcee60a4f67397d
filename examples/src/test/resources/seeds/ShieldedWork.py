# Day 11, threads and asyncio, program 23: asyncio.shield
import asyncio

async def save(what):
    print('  saving ' + what)
    await asyncio.sleep(0.3)
    return what + ' is saved'

async def wait_for(task):
    return await asyncio.shield(task)

async def shielded():
    work = asyncio.create_task(save('record 2'))
    try:
        print('  ' + await asyncio.shield(work))
    except asyncio.CancelledError:
        print('  ' + await work)  # a cancel ends the wait for a shield, and not what is behind it
        raise

async def main():
    print('A task that another one only waits for, as with asyncio.shield:')
    work = asyncio.create_task(save('record 1'))
    waiter = asyncio.create_task(wait_for(work))
    await asyncio.sleep(0.1)
    waiter.cancel()
    try:
        await waiter
    except asyncio.CancelledError:
        print('  who waited is cancelled, the work goes on: ' + str(not work.done()).lower())
    print('  ' + await work)

    print('A body inside of the task that is cancelled:')
    task = asyncio.create_task(shielded())
    await asyncio.sleep(0.1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print('  cancelled as soon as it was done')

asyncio.run(main())
