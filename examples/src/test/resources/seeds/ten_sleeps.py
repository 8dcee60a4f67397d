import asyncio, time

async def get_html(url):
    print('start get html')
    await asyncio.sleep(0.2)
    print('end get html')

async def main():
    start = time.time()
    await asyncio.wait([asyncio.create_task(get_html('http://www.google.com')) for i in range(10)])
    print('time: %d ms' % ((time.time() - start) * 1000))

asyncio.run(main())
