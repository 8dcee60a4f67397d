# Day 11, threads and asyncio, programs 19 and 20
import asyncio

async def hello1(a, b):
    print('Hello world 01 begin')
    await asyncio.sleep(0.3)
    print('Hello again 01 end')
    return a + b

def callback(future):
    print(future.result())

loop = asyncio.new_event_loop()
task = asyncio.ensure_future(hello1(10, 5), loop=loop)
loop.run_until_complete(task)
print('-------------------------------------')
print(task.result())

task = asyncio.ensure_future(hello1(10, 5), loop=loop)
task.add_done_callback(callback)
loop.run_until_complete(task)
loop.close()
