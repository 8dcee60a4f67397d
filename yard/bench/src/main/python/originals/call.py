# Asyncio and gevent, program 2, its first part.
# 不使用yield:每次函数调用,都需要重复开辟内存空间,即重复创建名称空间,来定义变量,因而开销很大.
import time
def consumer(item):
    a = 111111
    b = 2222222
    c = 'ojslakjlksdj'
    d = '1249823478392579345903865039'
    e = 'dsjflksa321423423'
    pass

def producer(target, seq):
    for item in seq:
        target(item)  # #每次调用函数,会临时产生名称空间,调用结束则释放,循环100000000次,则重复这么多次的创建和释放,开销非常大.

start_time = time.time()
producer(consumer, range(100000000))
stop_time = time.time()
print('1 run time is %s' % (stop_time - start_time))
