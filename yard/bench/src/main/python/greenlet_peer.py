"""What bare greenlets do."""

import greenlet
import peer


def coroutine(switches):
    """Two add up numbers and switch to the other after each."""

    def add(other):
        total = 1
        for i in range(switches // 2):
            total += i
            other[0].switch()
        return total

    def work():
        second = []
        first = [greenlet.greenlet(lambda: add(second))]
        second.append(greenlet.greenlet(lambda: add(first)))
        first[0].switch()

    return peer.nanos_per(switches, work)


def generator(items):
    """One gives numbers to the other."""

    def work():
        consumer = greenlet.getcurrent()

        def produce():
            for i in range(items):
                consumer.switch(i)

        producer = greenlet.greenlet(produce)
        for i in range(items):
            assert i == producer.switch()

    return peer.nanos_per(items, work)


if __name__ == "__main__":
    peer.serve(globals().__getitem__)
