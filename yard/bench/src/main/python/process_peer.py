"""What CPython's own pools of two processes do: multiprocessing's Pool or ProcessPoolExecutor, as the first argument says."""

import concurrent.futures
import multiprocessing
import sys
import time

import peer

WORKERS = 2
CHUNKS_PER_WORKER = 4
FIRST_FIB = 25


def plus_one(number):
    return number + 1


def same(value):
    return value


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def meet(barrier):
    barrier.wait()


class Pool:
    """multiprocessing.Pool"""

    def __init__(self, workers=WORKERS, context=multiprocessing, **options):
        self.pool = context.Pool(workers, **options)

    def submit(self, function, argument):
        return self.pool.apply_async(function, (argument,)).get

    def map(self, function, items):
        return self.pool.map(function, items)

    def close(self):
        self.pool.terminate()
        self.pool.join()


class ProcessPoolExecutor:
    """concurrent.futures.ProcessPoolExecutor"""

    def __init__(self, workers=WORKERS, context=None, **options):
        self.pool = concurrent.futures.ProcessPoolExecutor(workers, mp_context=context, **options)

    def submit(self, function, argument):
        return self.pool.submit(function, argument).result

    def map(self, function, items):
        return list(self.pool.map(function, items, chunksize=len(items) // (WORKERS * CHUNKS_PER_WORKER)))

    def close(self):
        self.pool.shutdown()


KIND = {"Pool": Pool, "ProcessPoolExecutor": ProcessPoolExecutor}[sys.argv[1]]
pools = {}


def pool(workers=WORKERS):
    """The one of all rounds."""
    if workers not in pools:
        pools[workers] = KIND(workers)
    return pools[workers]


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def nanos_per(operations, work):
    """Time on the wall, in a tuple; the CPU time of the workers is not to be had while they live."""
    return (seconds(work) * peer.NANOS / operations,)


def tiny(bodies):
    def work():
        results = [pool().submit(plus_one, i) for i in range(bodies)]
        for i, result in enumerate(results):
            assert result() == i + 1

    return nanos_per(bodies, work)


def map_chunks(items):
    numbers = list(range(items))

    def work():
        assert len(pool().map(plus_one, numbers)) == items

    return nanos_per(items, work)


def big_value(count):
    data = b"x" * count

    def work():
        assert len(pool().submit(same, data)()) == count

    return (seconds(work) * peer.MILLIS,)


def fibs(last):
    """The time with two workers, and that of it to the time with one."""

    def all_of(workers):
        results = [pool(workers).submit(fib, n) for n in range(FIRST_FIB, last + 1)]
        return [result() for result in results]

    two, one = seconds(lambda: all_of(WORKERS)), seconds(lambda: all_of(1))
    return two * peer.MILLIS, two / one


def start(method):
    """The time until both workers have met."""

    def run(_):
        context = multiprocessing.get_context(method)
        barrier = context.Barrier(WORKERS)
        started = []

        def work():
            started.append(KIND(WORKERS, context, initializer=meet, initargs=(barrier,)))
            results = [started[0].submit(plus_one, i) for i in range(WORKERS)]
            for result in results:
                result()

        taken = seconds(work)
        started[0].close()
        return (taken * peer.MILLIS,)

    return run


start_fork, start_spawn = start("fork"), start("spawn")

if __name__ == "__main__":
    peer.serve(globals().__getitem__)
