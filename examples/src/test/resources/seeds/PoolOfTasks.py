# Concurrent requests, program 11
from gevent import monkey
monkey.patch_all()
import gevent
import requests
import sys
from gevent.pool import Pool

running = 0
most = 0

def fetch_async(method, url):
    global running, most
    running += 1
    most = max(most, running)
    print(method, url)
    response = requests.request(method=method, url=sys.argv[1] + url)
    print(url, response.text)
    running -= 1

pool = Pool(2)
gevent.joinall([pool.spawn(fetch_async, method='GET', url=url) for url in ['/python', '/yahoo', '/github', '/pypi']])
print('at most %d at a time' % most)
