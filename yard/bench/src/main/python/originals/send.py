# Asyncio and gevent, program 2, its second part.
# 使用yield:无需重复开辟内存空间,即重复创建名称空间,因而开销小.
import time

def consumer():
    a = 111111
    b = 2222222
    c = 'ojslakjlksdj'
    d = '1249823478392579345903865039'
    e = 'dsjflksa321423423'
    while True:  # 这里省去了上面变量开辟空间的消耗.
        item = yield  # 循环接收一个值给item.

def producer(target, seq):
    for item in seq:
        target.send(item)  # consumer.send(item)

g = consumer()
next(g)  # 初始化后,程序停在yield处.
start_time = time.time()
producer(g, range(100000000))
stop_time = time.time()
print('2 run time is %s' % (stop_time - start_time))
