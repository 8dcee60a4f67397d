# Concurrent requests, programs 16 to 18: the document has the calls of the loop and says how a framework is made of them; this is one.
import select
from socket import socket


class Fetch:
    def __init__(self, host, path, callback):
        self.host, self.path, self.callback = host, path, callback
        self.answer = b''
        self.client = socket()
        self.client.setblocking(0)
        try:
            self.client.connect((host, 80))
        except BlockingIOError:
            pass

    def fileno(self):
        return self.client.fileno()


def loop(fetches):
    connecting = list(fetches)
    while fetches:
        r, w, e = select.select(fetches, connecting, [], 0.05)
        for fetch in w:
            fetch.client.send(('GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' % (fetch.path, fetch.host)).encode('utf-8'))
            connecting.remove(fetch)
        for fetch in r:
            data = fetch.client.recv(8096)
            if data:
                fetch.answer += data
            else:
                fetch.client.close()
                fetches.remove(fetch)
                fetch.callback(fetch.answer)


loop([Fetch('www.baidu.com', '/%d' % i, print) for i in range(100)])
