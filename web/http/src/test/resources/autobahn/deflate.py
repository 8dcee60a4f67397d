# The cases of permessage-deflate that are sections 12 and 13 of Autobahn's list: echoes of messages of many sizes, of five kinds
# of data, and of seven offers. The other side is the library websockets, whose decompressor has the window that was agreed on.
#
#   deflate.py client URL MESSAGES    plays the client of a server that echoes
#   deflate.py server MESSAGES        plays the server of a client that echoes; says "case NAME URL" for each and then "ready"
#
# Says "NAME VERDICT / VERDICT OF THE CLOSE" as each case ends. MESSAGES is 1000 in the list.

import asyncio
import json
import random
import sys
import zlib

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory as Offer
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory as Acceptance

# Bytes of a message, the seconds for all of them, and bytes of a fragment.
SIZES = [(16, 60, 0), (64, 60, 0), (256, 120, 0), (1024, 240, 0)] \
    + [(size, 480, 0) for size in (4096, 8192, 16384, 32768, 65536, 131072)] \
    + [(size, 480, 256) for size in (8192, 16384, 32768, 65536, 131072)] \
    + [(131072, 480, part) for part in (1024, 4096, 32768)]

# Whether messages are forgotten, and the window of the one who is asked for it.
FIRST = (False, None)
TERMS = [[FIRST], [(True, None)], [(False, 9)], [(False, 15)], [(True, 9)], [(True, 15)], [(True, 9), (True, None), FIRST]]


def words(seed):
    """An endless text, some of whose words are frequent."""
    dice = random.Random(seed)
    known = [''.join(dice.choice('aeioubcdfghklmnprstwzäöüß') for _ in range(dice.randint(2, 11))) for _ in range(4000)]
    while True:
        yield known[int(4000 * dice.random() ** 3)]


def data():
    """The five kinds, of the sizes that the list has: JSON, a picture, a book, a page, and a document of compressed pieces."""
    dice = random.Random(12)
    word = words(12)
    things = [{'id': i, 'name': next(word), 'price': round(dice.random() * 100, 2), 'tags': [next(word) for _ in range(4)]}
              for i in range(2000)]
    rows = b''.join(bytes((x * y // 97 + x + dice.randint(0, 9)) & 255 for x in range(512)) for y in range(512))
    book = ' '.join(next(word) + ('.\n' if dice.random() < 0.1 else '') for _ in range(32000))
    page = ''.join('<div class="row"><a href="/%s/%d">%s</a><p>%s</p></div>\n' % (next(word), i, next(word), ' '.join(
        next(word) for _ in range(20))) for i in range(1300))
    document = b''.join(b'%d 0 obj << /Filter /FlateDecode >> stream\n%s\nendstream endobj\n' % (
        i, zlib.compress(dice.randbytes(20) + ' '.join(next(word) for _ in range(3000)).encode())) for i in range(90))
    return [json.dumps(things, ensure_ascii=False), b'BM' + rows, book.encode(), page, document]


DATA = data()


def cases():
    """Each case: its name, the number of its terms, its data and its size."""
    for kind, what in enumerate(DATA, 1):
        for i, size in enumerate(SIZES, 1):
            yield '12.%d.%d' % (kind, i), 0, what, size
    for terms in range(len(TERMS)):
        for i, size in enumerate(SIZES, 1):
            yield '13.%d.%d' % (terms + 1, i), terms, DATA[0], size


def offers(terms):
    return [Offer(server_no_context_takeover=forgets, server_max_window_bits=window, client_no_context_takeover=forgets,
                  client_max_window_bits=True) for forgets, window in TERMS[terms]]


def acceptances(terms):
    return [Acceptance(client_no_context_takeover=forgets, client_max_window_bits=window,
                       require_client_max_window_bits=window is not None) for forgets, window in TERMS[terms]]


async def talk(ws, messages, what, size, part):
    """Sends slices of the data, one behind the other and around its end, and wants each back."""
    at = 0
    for i in range(messages):
        end = at + size
        message = what[at:end] if end <= len(what) else what[at:] + what[:end - len(what)]
        at = end % len(what)
        await ws.send([message[j:j + part] for j in range(0, size, part)] if part else message)
        if await ws.recv() != message:
            return 'FAILED: message %d came back different' % i
    return 'OK'


async def verdict(ws, messages, what, size):
    """Runs a case and closes."""
    try:
        if ws.extensions:
            said = await asyncio.wait_for(talk(ws, messages, what, size[0], size[2]), size[1])
        else:
            said = 'UNIMPLEMENTED'
        await ws.close(1000)
    except asyncio.TimeoutError:
        said = 'FAILED: not in %d seconds' % size[1]
        await ws.close(1000)
    except websockets.ConnectionClosed as closed:
        said = 'FAILED: %s' % closed
    return '%s / %s' % (said, 'OK' if ws.close_code == 1000 else 'WRONG CODE')


def say(text):
    print(text, flush=True)


OPTIONS = {'compression': None, 'max_size': None, 'ping_interval': None}


async def client(url, messages):
    for name, terms, what, size in cases():
        async with websockets.connect(url, extensions=offers(terms), **OPTIONS) as ws:
            say(name + ' ' + await verdict(ws, messages, what, size))


async def server(messages):
    known = {'/' + case[0]: case for case in cases()}
    open_cases = set(known)

    async def serve(ws, path):
        name, _, what, size = known[path]
        say(name + ' ' + await verdict(ws, messages, what, size))
        # The client may have begun the last one while the one before it still closes.
        open_cases.discard(path)
        if not open_cases:
            done.set()

    done = asyncio.Event()
    servers = [await websockets.serve(serve, '127.0.0.1', 0, extensions=acceptances(terms), **OPTIONS)
               for terms in range(len(TERMS))]
    for name, terms, _, _ in cases():
        say('case %s ws://127.0.0.1:%d/%s' % (name, servers[terms].sockets[0].getsockname()[1], name))
    say('ready')
    await done.wait()


if sys.argv[1] == 'client':
    asyncio.run(client(sys.argv[2], int(sys.argv[3])))
else:
    asyncio.run(server(int(sys.argv[2])))
