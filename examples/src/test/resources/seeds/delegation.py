my_list = [1, 2, 3]
my_dict = {'fank': 'fankcoder.com', 'fank1': 'fankcoder1.com', 'fank2': 'fankcoder2.com'}

def my_chain(*args):
    for item in args:
        yield from item

for value in my_chain(my_list, my_dict, range(5, 10)):
    print(value)

def gen():
    name = yield 'your name?'
    city = yield 'hello ' + name + ', your city?'
    return len(name) + len(city)

def g1(gen):
    letters = yield from gen
    return '%d letters' % letters

g = g1(gen())
print(g.send(None))
print(g.send('fank'))
try:
    g.send('Beijing')
except StopIteration as end:
    print(end.value)

def inner():
    try:
        yield 'ready'
    except ValueError as e:
        yield 'the inner one caught: ' + str(e)
    finally:
        print('the inner one cleans up')

g = g1(inner())
print(next(g))
print(g.throw(ValueError('download error')))
g.close()

import inspect

gen = inner()
g = g1(gen)
print(next(g))
g.close()
print('inner %s, outer %s' % (inspect.getgeneratorstate(gen)[4:], inspect.getgeneratorstate(g)[4:]))
