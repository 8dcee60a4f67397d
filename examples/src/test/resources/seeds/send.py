def gen_func():
    html = yield 'http://www.baidu.com'
    print(html)
    yield 2
    yield 3
    return 'fank'

gen = gen_func()
print(next(gen))
print(gen.send('fank'))
print(next(gen))
try:
    next(gen)
except StopIteration as end:
    print('the end: ' + end.value)
