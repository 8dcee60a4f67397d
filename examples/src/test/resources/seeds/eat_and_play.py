import gevent

def eat(name):
    print('%s eats 1' % name)
    gevent.sleep(0.2)
    print('%s eats 2' % name)
    return 'eaten'

def play(name):
    print('%s plays 1' % name)
    gevent.sleep(0.1)
    print('%s plays 2' % name)
    return 'played'

g1 = gevent.spawn(eat, 'egon')
g2 = gevent.spawn(play, name='egon')
gevent.joinall([g1, g2])
print('main: %s, %s' % (g1.value, g2.value))
