# Day 11, threads and asyncio, program 24: asyncio.wait_for
import asyncio

async def eternity(seconds):
    try:
        await asyncio.sleep(seconds)
        return 'yay!'
    except asyncio.CancelledError:
        print('cancelled, not left running')
        raise

async def main():
    print(await asyncio.wait_for(eternity(0.1), timeout=0.2))
    try:
        await asyncio.wait_for(eternity(3600), timeout=0.2)
    except asyncio.TimeoutError:
        print('timeout!')
    try:
        result = await asyncio.wait_for(eternity(3600), timeout=0.2)
    except asyncio.TimeoutError:
        result = 'Optional.empty'
    print('no exception: ' + result)

asyncio.run(main())
