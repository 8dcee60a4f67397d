# Day 11, threads and asyncio, program 10
import sys
import threading
import time

local = threading.local()

def do_sub_task(which):
    # one write: print writes the line and its end apart, and another thread between them
    sys.stdout.write('%s, %s task, student: %s\n' % (threading.current_thread().name, which, local.name))

def do_task(which, delay):
    time.sleep(delay)
    do_sub_task(which)

def process_thread(name):
    local.name = name
    do_task('first', 0.1)
    do_task('second', 0.2)

t1 = threading.Thread(target=process_thread, args=('Zhang San',), name='Thread-A')
t2 = threading.Thread(target=process_thread, args=('Li Si',), name='Thread-B')
t1.start()
t2.start()
t1.join()
t2.join()
