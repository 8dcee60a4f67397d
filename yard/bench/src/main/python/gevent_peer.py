"""What gevent does."""

import time

import gevent
import gevent.lock
import gevent.queue
import peer

CAPACITY = 128


def both(first, second):
    gevent.joinall([gevent.spawn(first), gevent.spawn(second)], raise_error=True)


def switch_yield(switches):
    def give_way():
        for _ in range(switches // 2):
            gevent.sleep(0)

    return peer.nanos_per(switches, lambda: both(give_way, give_way))


def switch_wake(switches):
    hub = gevent.get_hub()
    soon = hub.loop.run_callback
    greenlets = []

    def wake():
        for _ in range(switches // 2):
            soon(greenlets[1].switch)
            hub.switch()

    def wait():
        for _ in range(switches // 2):
            hub.switch()
            soon(greenlets[0].switch)

    def work():
        # The second waits before the first wakes it.
        greenlets[:] = [gevent.Greenlet(wake), gevent.Greenlet(wait)]
        greenlets[1].start()
        greenlets[0].start()
        gevent.joinall(greenlets, raise_error=True)

    return peer.nanos_per(switches, work)


def nothing():
    pass


def spawn(lives):
    def work():
        for _ in range(lives):
            gevent.spawn(nothing).join()

    return peer.nanos_per(lives, lambda: gevent.spawn(work).join())


def million(tasks):
    def work():
        alive = [gevent.spawn(gevent.sleep, 0) for _ in range(tasks)]
        for task in alive:
            task.join()

    # What an allocator keeps for itself is no leak, so there is no number for the heap that is left.
    return *peer.in_child(lambda: peer.nanos_per(tasks, work)), "NaN"


def parked(tasks):
    def measure():
        hub = gevent.get_hub()
        before, start = peer.resident_bytes(), time.perf_counter()
        waiting = [gevent.spawn(hub.switch) for _ in range(tasks)]
        gevent.sleep(0)
        nanos = (time.perf_counter() - start) * peer.NANOS
        assert all(task.started for task in waiting)
        used = peer.resident_bytes() - before
        return nanos / tasks, used / tasks

    return peer.in_child(measure)


def through(queue, elements):
    def send():
        for i in range(elements):
            queue.put(i)

    def receive():
        for i in range(elements):
            assert i == queue.get()

    return peer.nanos_per(elements, lambda: both(send, receive))


def channel(elements):
    return through(gevent.queue.Queue(CAPACITY), elements)


def rendezvous(elements):
    return through(gevent.queue.Channel(), elements)


def timers(count):
    """All pending at once, cancelled in another order."""
    delays, order = peer.timers(count)
    loop = gevent.get_hub().loop

    def work():
        pending = []
        for delay in delays:
            timer = loop.timer(delay)
            timer.start(nothing)
            pending.append(timer)
        for i in order:
            pending[i].stop()
            pending[i].close()

    return *peer.nanos_per(count, work), "NaN"


def timeout(count):
    """One after the other."""

    def work():
        for _ in range(count):
            with gevent.Timeout(peer.LAST_DELAY):
                pass

    return peer.nanos_per(count, work)


def lock(tasks):
    """Milliseconds for all to count down once, with a lock and without."""
    left = tasks

    def locked(guard):
        with guard:
            unlocked()

    def unlocked():
        nonlocal left
        seen = left
        gevent.sleep(1 / peer.MILLIS)
        left = seen - 1

    def millis(body, *arguments):
        nonlocal left
        left = tasks
        start = time.perf_counter()
        gevent.joinall([gevent.spawn(body, *arguments) for _ in range(tasks)], raise_error=True)
        assert left == (0 if arguments else tasks - 1)
        return (time.perf_counter() - start) * peer.MILLIS

    return millis(locked, gevent.lock.RLock()), millis(unlocked)


if __name__ == "__main__":
    peer.serve(globals().__getitem__)
