from gevent import spawn, joinall, monkey
monkey.patch_all()
import time

def task(pid):
    time.sleep(0.05)
    print('Task %s done' % pid)

def synchronous():
    for i in range(10):
        task(i)

def asynchronous():
    joinall([spawn(task, i) for i in range(10)])
    print('DONE')

print('Synchronous:')
synchronous()
print('Asynchronous:')
asynchronous()
