# Concurrent requests, program 15; fetch takes no callback any more
import sys
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado import ioloop

COUNT = 0

def handle_response(future):
    global COUNT
    COUNT -= 1
    if future.exception():
        print('Error:', future.exception())
    else:
        print(future.result().body.decode())
    if COUNT == 0:
        ioloop.IOLoop.current().stop()

def func():
    url_list = ['/baidu', '/bing', 'http://fakedomain.invalid/']
    global COUNT
    COUNT = len(url_list)
    for url in url_list:
        print(url)
        http_client = AsyncHTTPClient()
        whole = url if url.startswith('http') else sys.argv[1] + url
        http_client.fetch(HTTPRequest(whole)).add_done_callback(handle_response)

ioloop.IOLoop.current().add_callback(func)
ioloop.IOLoop.current().start()
