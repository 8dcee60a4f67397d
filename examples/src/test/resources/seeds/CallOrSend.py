# Asyncio and gevent, program 2
import sys
import time

items = int(sys.argv[1])
sum = 0

def consumer(item):
    global sum
    sum += item

def producer(target, seq):
    for item in seq:
        target(item)

start_time = time.time()
producer(consumer, range(items))
print('1 run time is %d ms' % ((time.time() - start_time) * 1000))

def sending_consumer():
    sum = 0
    while True:
        item = yield sum
        sum += item

g = sending_consumer()
next(g)
start_time = time.time()
producer(g.send, range(items))
print('2 run time is %d ms' % ((time.time() - start_time) * 1000))
print('sums: %d and %d' % (sum, g.send(0)))
