# Day 11, threads and asyncio, program 21
import asyncio
import time
from functools import partial

async def get_url():
    print('start get url')
    await asyncio.sleep(0.2)
    print('end get url')
    return 'stack'

def test(url, future):
    print(url, 'hello, ' + future.result())

if __name__ == '__main__':
    start = time.time()
    loop = asyncio.new_event_loop()
    tasks = [loop.create_task(get_url()) for i in range(10)]
    for task in tasks:
        task.add_done_callback(partial(test, 'Stack'))
    loop.run_until_complete(asyncio.wait(tasks))
    print('time: %d ms' % ((time.time() - start) * 1000))
