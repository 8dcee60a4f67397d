# Threads and coroutines, program 25; Asyncio and gevent, program 8
from greenlet import greenlet

def eat(name):
    print('%s eats 1' % name)
    gr2.switch('Bob')
    print('%s eats 2' % name)
    gr2.switch()

def play_phone(name):
    print('%s plays 1' % name)
    gr1.switch()
    print('%s plays 2' % name)
    return '%s is done' % name

gr1 = greenlet(eat)
gr2 = greenlet(play_phone)
print(gr1.switch(name='Ada'))
