# Asyncio and gevent, programs 1 and 3
import asyncio

def a(x=3):
    for i in range(x):
        print('a.x {}'.format(i))
        yield

def b(x=3):
    for i in range(x):
        print('b.x {}'.format(i))
        yield

print('generators:')
x = a()
y = b()
for i in range(3):
    next(x)
    next(y)

async def walk(name, x=3):
    for i in range(x):
        print('{}.x {}'.format(name, i))
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(walk('a'), walk('b'))

print('tasks:')
asyncio.run(main())
