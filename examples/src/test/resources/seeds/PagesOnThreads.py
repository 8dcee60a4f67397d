# Concurrent requests, programs 2 and 3
from concurrent.futures import ThreadPoolExecutor
import requests
import sys
from urllib.parse import urlparse

NAMES = ['baidu', 'sina', 'zhihu', 'autohome', 'bing', 'csdn', 'oschina']
url_list = [sys.argv[1] + '/' + name for name in NAMES]

def show(line):
    sys.stdout.write(line + '\n')  # print writes the line and its end apart, and another thread between them

def task(url):
    show('  ' + urlparse(url).path + ' ' + requests.get(url).text)

show('together:')
pool = ThreadPoolExecutor(7)
for url in url_list:
    pool.submit(task, url)
pool.shutdown(wait=True)

def download(url):
    return requests.get(url).text

def done(future, *args, **kwargs):
    page = future.result()
    show('  %d characters: %s' % (len(page), page))

show('with a callback:')
pool = ThreadPoolExecutor(7)
for url in url_list:
    v = pool.submit(download, url)
    v.add_done_callback(done)
pool.shutdown(wait=True)
