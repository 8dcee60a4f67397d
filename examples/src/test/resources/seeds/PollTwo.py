# Threads, processes, coroutines, asyncio, program 25; Concurrent requests, program 16
import select
import socket
import sys

host, port = sys.argv[1][len('http://'):].split(':')

class Fetch:
    def __init__(self, path):
        self.path = path
        self.answer = b''
        self.sock = socket.socket()
        self.sock.setblocking(False)
        try:
            self.sock.connect((host, int(port)))
        except BlockingIOError:
            pass

    def fileno(self):
        return self.sock.fileno()

fetches = [Fetch('/slow'), Fetch('/quick')]
connecting = list(fetches)
while fetches:
    r, w, e = select.select(fetches, connecting, [], 0.05)
    for fetch in w:
        fetch.sock.send(('GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' % fetch.path).encode())
        connecting.remove(fetch)
    for fetch in r:
        data = fetch.sock.recv(1024)
        fetch.answer += data
        if not data:
            print(fetch.path, fetch.answer.decode().split('\r\n\r\n')[1])
            fetch.sock.close()
            fetches.remove(fetch)
