# Day 11, threads and asyncio, program 11
def consume():
    r = ''
    while True:
        n = yield r
        if not n:
            return
        print('the consumer consumes: {}'.format(n))
        r = '200 RMB'

def produce(c):
    c.send(None)
    n = 0
    while n < 5:
        n += 1
        print('the producer produces: {}'.format(n))
        r = c.send(n)
        print('[producer] the consumer returns: {}'.format(r))
        print('------------')
    c.close()

c = consume()
produce(c)
