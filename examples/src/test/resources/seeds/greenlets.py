from greenlet import greenlet

def eat(name):
    print('%s eats 1' % name)
    g2.switch('Bob')
    print('%s eats 2' % name)
    g2.switch()

def play(name):
    print('%s plays 1' % name)
    g1.switch()
    print('%s plays 2' % name)
    return name + ' is done'

g1 = greenlet(eat)
g2 = greenlet(play)
print(g1.switch('Ada'))
