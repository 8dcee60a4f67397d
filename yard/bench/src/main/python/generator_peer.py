"""What Python's generators do."""

import peer


def generator(items):
    """A loop takes what a generator yields."""

    def produce():
        for i in range(items):
            yield i

    def work():
        total = 0
        for i in produce():
            total += i
        assert total == items * (items - 1) // 2

    return peer.nanos_per(items, work)


def generator_push(items):
    """A function is called with each item: what a program does without a generator."""
    total = 0

    def consume(i):
        nonlocal total
        total += i

    def work():
        for i in range(items):
            consume(i)

    return peer.nanos_per(items, work)


def generator_send(items):
    """A loop sends items to a generator that consumes them."""
    total = 0

    def consume():
        nonlocal total
        while True:
            total += yield

    def work():
        consumer = consume()
        next(consumer)
        for i in range(items):
            consumer.send(i)

    return peer.nanos_per(items, work)


if __name__ == "__main__":
    peer.serve(globals().__getitem__)
