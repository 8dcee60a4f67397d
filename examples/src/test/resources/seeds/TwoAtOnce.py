# Day 11, threads and asyncio, program 1
import _thread
import time

def fun1():
    print('fun1 begins')
    time.sleep(0.4)
    print('fun1 has ended')

def fun2():
    print('fun2 begins')
    time.sleep(0.2)
    print('fun2 has ended')

if __name__ == '__main__':
    print('the program begins')
    _thread.start_new_thread(fun1, ())
    time.sleep(0.05)
    _thread.start_new_thread(fun2, ())
    time.sleep(0.6)
