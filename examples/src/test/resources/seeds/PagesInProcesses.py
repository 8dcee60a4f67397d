# Concurrent requests, programs 4 and 5
from concurrent.futures import ProcessPoolExecutor
import os
import requests
import sys

NAMES = ['baidu', 'sina', 'zhihu', 'autohome', 'bing', 'csdn', 'oschina']
url_list = [sys.argv[1] + '/' + name for name in NAMES]

def handled(page):
    return '%s, %d characters' % (page, len(page)), os.getpid()

def download(url):
    return requests.get(url).text

def task(url):
    return handled(download(url))

def show(text, pid):
    print('  %s, handled %s' % (text, 'here' if pid == os.getpid() else 'in another process'))

def done(future, *args, **kwargs):
    show(*handled(future.result()))

pool = ProcessPoolExecutor(2)
print('together:')
for text, pid in pool.map(task, url_list):
    show(text, pid)
print('fetched there, handled here as they come, in order:')
for url in url_list:
    v = pool.submit(download, url)
    v.add_done_callback(done)
pool.shutdown(wait=True)
