import asyncio, time
from functools import partial

async def get_html(url):
    print('start get html')
    await asyncio.sleep(0.2)
    return 'fank'

def callback(url, future):
    print(url + ': ' + ('SUCCEEDED' if future.exception() is None else 'FAILED'))

start = time.time()
loop = asyncio.new_event_loop()
task = loop.create_task(get_html('http://www.google.com'))
task.add_done_callback(partial(callback, 'http://www.google.com'))
loop.run_until_complete(task)
print(task.result())
print('time: %d ms' % ((time.time() - start) * 1000))
loop.close()
