"""What CPython's queues between processes do: multiprocessing's Queue, with a bound, or SimpleQueue, as the first argument says."""

import multiprocessing
import sys
import time

import peer

BOUND = 1_000
PRODUCERS = 2


def queue():
    return multiprocessing.Queue(BOUND) if sys.argv[1] == "Queue" else multiprocessing.SimpleQueue()


def put_all(items, count):
    for i in range(count):
        items.put(i)


def produce(go, items, count):
    while go.get():
        put_all(items, count)


def consume(go, items, done, count):
    while go.get():
        for _ in range(count):
            items.get()
        done.put(None)


def answer(questions, answers):
    while True:
        answers.put(questions.get())


def child(function, *arguments):
    multiprocessing.Process(target=function, args=arguments, daemon=True).start()


# The processes of all rounds.
items, back = queue(), queue()
putting, taking = multiprocessing.SimpleQueue(), multiprocessing.SimpleQueue()
started = False


def once(*children):
    """Starts the children of a workload, before its first round."""
    global started
    if not started:
        started = True
        for function, *arguments in children:
            child(function, *arguments)


def nanos_per(operations, work):
    """Time on the wall, in a tuple; the CPU time of the children is not to be had while they live."""
    start = time.perf_counter()
    work()
    return ((time.perf_counter() - start) * peer.NANOS / operations,)


def one(count):
    once((consume, taking, items, back, count))

    def work():
        taking.put(True)
        put_all(items, count)
        back.get()

    return nanos_per(count, work)


def many(count):
    each = count // PRODUCERS
    once(*[(produce, putting, items, each)] * PRODUCERS, *[(consume, taking, items, back, each)] * PRODUCERS)

    def work():
        for _ in range(PRODUCERS):
            taking.put(True)
            putting.put(True)
        for _ in range(PRODUCERS):
            back.get()

    return nanos_per(count, work)


def question(count):
    once((answer, items, back))

    def work():
        for i in range(count):
            items.put(i)
            back.get()

    return nanos_per(count, work)


if __name__ == "__main__":
    peer.serve(globals().__getitem__)
