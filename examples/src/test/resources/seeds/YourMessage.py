# Asyncio and gevent, program 5; prints its port first, and has no data.encode(), which bytes do not have
import asyncio

async def handle(reader, writer):
    while True:
        data = await reader.read(1024)
        if not data:
            break
        client = writer.get_extra_info('peername')
        writer.write('{}:{} Your msg {}'.format(*client, data.decode()).encode())
        await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(handle, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1])
    await server.serve_forever()

asyncio.run(main())
