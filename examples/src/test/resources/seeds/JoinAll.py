# Asyncio and gevent, program 10; Concurrent requests, program 10
from gevent import monkey
monkey.patch_all()
import gevent
import requests
import sys
import time
from urllib.parse import urlparse

def fetch_async(method, url, req_kwargs):
    print('%s page: %s' % (method, url))
    response = requests.request(method=method, url=sys.argv[1] + url, **req_kwargs)
    if response.status_code == 200:
        print(urlparse(response.url).path, response.text)

start_time = time.time()
gevent.joinall([
    gevent.spawn(fetch_async, method='GET', url='/python', req_kwargs={}),
    gevent.spawn(fetch_async, method='GET', url='/yahoo', req_kwargs={}),
    gevent.spawn(fetch_async, method='GET', url='/github', req_kwargs={}),
])
print('run time is %d ms' % ((time.time() - start_time) * 1000))
