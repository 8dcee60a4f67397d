"""What the programs of all Python peers share: the rounds, the clock and the memory."""

import gc
import os
import random
import resource
import sys
import time

NANOS = 1e9
MILLIS = 1e3
FIRST_DELAY, LAST_DELAY = 1, 60


def serve(find):
    """Runs a round for each line on the standard input and answers with a line of numbers, until the input ends.

    find -- gives, for the name of a workload, a function from the number of operations to the numbers of a round
    """
    _module, workload, operations = sys.argv[1:]
    run = find(workload.replace("-", "_"))
    for _ in sys.stdin:
        print(*run(int(operations)), flush=True)


def nanos_per(operations, work):
    """Runs work and gives CPU time of this process and time on the wall, nanoseconds for each operation."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu * NANOS / operations, wall * NANOS / operations


def resident_bytes():
    """Memory of this process that is in use, what all its objects take and more."""
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def in_child(measure):
    """Runs measure in a forked process, since freed memory stays with a process and would hide what the next round takes."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        numbers = measure()
        os.write(writable, " ".join(map(repr, numbers)).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as answer:
        numbers = [float(number) for number in answer.read().split()]
    os.waitpid(child, 0)
    return numbers


def timers(count):
    """Delays in seconds, and an order to cancel them in; the same each time."""
    random.seed(1)
    return [random.uniform(FIRST_DELAY, LAST_DELAY) for _ in range(count)], random.sample(range(count), count)
