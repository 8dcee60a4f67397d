import asyncio

def stop_loop():
    loop.stop()

loop = asyncio.new_event_loop()
loop.call_soon(print, 'soon')
loop.call_later(0.2, print, 'after 200 ms')
loop.call_later(0.1, print, 'after 100 ms')
loop.call_later(0.4, print, 'after 400 ms').cancel()
loop.call_at(loop.time() + 0.3, print, 'at 300 ms')
loop.call_soon_threadsafe(print, 'from any thread')
loop.call_later(0.5, stop_loop)
loop.run_forever()
print('stopped')
loop.close()
