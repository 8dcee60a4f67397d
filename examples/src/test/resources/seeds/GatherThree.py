# Day 11, threads and asyncio, program 22
import asyncio

async def hello1(a, b):
    print('Hello world 01 begin')
    await asyncio.sleep(0.3)
    print('Hello again 01 end')
    return a + b

async def hello2(a, b):
    print('Hello world 02 begin')
    await asyncio.sleep(0.2)
    print('Hello again 02 end')
    return a - b

async def hello3(a, b):
    print('Hello world 03 begin')
    await asyncio.sleep(0.4)
    print('Hello again 03 end')
    return a * b

async def main():
    results = await asyncio.gather(hello1(10, 5), hello2(10, 5), hello3(10, 5))
    for result in results:
        print(result)

asyncio.run(main())
