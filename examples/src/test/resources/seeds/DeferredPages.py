# Concurrent requests, program 14; getPage is gone from Twisted
import sys
from twisted.internet import defer, reactor
from twisted.web.client import Agent, readBody

def one_done(arg):
    print(arg.decode())

def all_done(arg):
    print('done, %d failed' % len([result for success, result in arg if not success]))
    reactor.stop()

@defer.inlineCallbacks
def get_page(url):
    response = yield Agent(reactor).request(b'GET', url)
    body = yield readBody(response)
    if response.code != 200:
        raise ValueError(response.code)
    return body

@defer.inlineCallbacks
def task(url):
    res = get_page(bytes(sys.argv[1] + url, encoding='utf8'))
    res.addCallback(one_done)
    yield res

defer_list = []
for url in ['/cnblogs', '/missing', '/cnblogs', '/cnblogs']:
    defer_list.append(task(url))

d = defer.DeferredList(defer_list, consumeErrors=True)
d.addBoth(all_done)
reactor.run()
