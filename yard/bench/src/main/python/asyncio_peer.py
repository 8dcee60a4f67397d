"""What asyncio does, on its own loop or on uvloop's: the first argument says which."""

import asyncio
import sys
import time

import peer

CAPACITY = 128


def run(body):
    """asyncio.run, on the loop that was asked for."""
    if sys.argv[1] == "uvloop":
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(body)
    return asyncio.run(body)


def timed(workload):
    """A workload of which the time counts, from a coroutine function of the number of operations."""
    return lambda operations: peer.nanos_per(operations, lambda: run(workload(operations)))


@timed
async def switch_yield(switches):
    async def give_way():
        for _ in range(switches // 2):
            await asyncio.sleep(0)

    await asyncio.gather(give_way(), give_way())


@timed
async def switch_wake(switches):
    new_future = asyncio.get_running_loop().create_future
    turns = [new_future(), new_future()]

    async def wake(mine, other):
        for _ in range(switches // 2):
            turns[other].set_result(None)
            await turns[mine]
            turns[mine] = new_future()

    async def wait(mine, other):
        for _ in range(switches // 2):
            await turns[mine]
            turns[mine] = new_future()
            turns[other].set_result(None)

    await asyncio.gather(wake(0, 1), wait(1, 0))


async def nothing():
    pass


@timed
async def spawn(lives):
    for _ in range(lives):
        await asyncio.create_task(nothing())


async def give_way_once():
    await asyncio.sleep(0)
    return 1


@timed
async def all_alive(tasks):
    alive = [asyncio.create_task(give_way_once()) for _ in range(tasks)]
    done = 0
    for task in alive:
        done += await task
    assert done == tasks


def million(tasks):
    # What an allocator keeps for itself is no leak, so there is no number for the heap that is left.
    return *peer.in_child(lambda: all_alive(tasks)), "NaN"


async def start_and_measure(tasks):
    new_future = asyncio.get_running_loop().create_future

    async def wait():
        await new_future()

    before, start = peer.resident_bytes(), time.perf_counter()
    waiting = [asyncio.create_task(wait()) for _ in range(tasks)]
    await asyncio.sleep(0)
    nanos = (time.perf_counter() - start) * peer.NANOS
    used = peer.resident_bytes() - before
    for task in waiting:
        task.cancel()
    return nanos / tasks, used / tasks


def parked(tasks):
    return peer.in_child(lambda: run(start_and_measure(tasks)))


def cancel(tasks):
    """Nanoseconds of CPU of each of a tenth of so many, and of all."""

    async def start_and_cancel(count):
        new_future = asyncio.get_running_loop().create_future

        async def wait():
            await new_future()

        waiting = [asyncio.create_task(wait()) for _ in range(count)]
        await asyncio.sleep(0)
        start = time.process_time()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return (time.process_time() - start) * peer.NANOS / count

    return [run(start_and_cancel(count)) for count in (tasks // 10, tasks)]


@timed
async def channel(elements):
    queue = asyncio.Queue(CAPACITY)

    async def send():
        for i in range(elements):
            await queue.put(i)

    async def receive():
        for i in range(elements):
            assert i == await queue.get()

    await asyncio.gather(send(), receive())


def timers(count):
    """All pending at once, cancelled in another order."""
    delays, order = peer.timers(count)

    async def set_and_cancel():
        later = asyncio.get_running_loop().call_later
        handles = [later(delay, nothing) for delay in delays]
        for i in order:
            handles[i].cancel()
        await asyncio.sleep(0)

    return *peer.nanos_per(count, lambda: run(set_and_cancel())), "NaN"


def timeout(count):
    """One after the other."""

    async def within_limits():
        for _ in range(count):
            async with asyncio.timeout(peer.LAST_DELAY):
                pass

    return peer.nanos_per(count, lambda: run(within_limits()))


def lock(tasks):
    """Milliseconds for all to count down once, with a lock and without."""

    async def count_down(guard, sleep):
        left = tasks

        async def locked():
            nonlocal left
            async with guard:
                seen = left
                await asyncio.sleep(sleep)
                left = seen - 1

        async def unlocked():
            nonlocal left
            seen = left
            await asyncio.sleep(sleep)
            left = seen - 1

        await asyncio.gather(*[locked() if guard else unlocked() for _ in range(tasks)])
        return left

    def millis(guard):
        start = time.perf_counter()
        left = run(count_down(guard, 1 / peer.MILLIS))
        assert left == (0 if guard else tasks - 1)
        return (time.perf_counter() - start) * peer.MILLIS

    return millis(asyncio.Lock()), millis(None)


if __name__ == "__main__":
    peer.serve(globals().__getitem__)
