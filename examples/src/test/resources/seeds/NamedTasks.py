# Day 11, threads and asyncio, programs 2 and 3
import threading
import time

def fun1(thread_name, delay):
    print('{0} begins fun1'.format(thread_name))
    time.sleep(delay)
    print('{0} has ended fun1'.format(thread_name))

def fun2(delay):
    print('{0} begins fun2'.format(threading.current_thread().name))
    time.sleep(delay)
    print('{0} has ended fun2'.format(threading.current_thread().name))

class MyThread(threading.Thread):
    def __init__(self, func, name, args):
        super().__init__(target=func, name=name, args=args)

    def run(self):
        self._target(*self._args)

if __name__ == '__main__':
    print('the program begins')
    t1 = threading.Thread(target=fun1, args=('thread-1', 0.2))
    t2 = MyThread(fun2, 'thread-2', (0.4,))
    t1.start()
    time.sleep(0.05)
    t2.start()
