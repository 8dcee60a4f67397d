# Concurrent requests, programs 4 and 5
from concurrent.futures import ProcessPoolExecutor
import os
import requests
import sys

NAMES = ['baidu', 'sina', 'zhihu', 'autohome', 'bing', 'csdn', 'oschina']
url_list = [sys.argv[1] + '/' + name for name in NAMES]

def download(url):
    return requests.get(url).text

def handled(page):
    return '%s, %d characters' % (page, len(page)), os.getpid()

def show(text, pid):
    sys.stdout.write('  %s, handled %s\n' % (text, 'here' if pid == parent else 'in another process'))
    sys.stdout.flush()

parent = os.getpid()

def task(url):
    show(*handled(download(url)))

def done(future, *args, **kwargs):
    show(*handled(future.result()))

print('together:', flush=True)
pool = ProcessPoolExecutor(2)
for url in url_list:
    pool.submit(task, url)
pool.shutdown(wait=True)

print('with a callback:', flush=True)
pool = ProcessPoolExecutor(2)
for url in url_list:
    v = pool.submit(download, url)
    v.add_done_callback(done)
pool.shutdown(wait=True)
