# Python loads this before a program. The programs of the documents have a port of their own, which may be taken on this machine:
# who connects to it or binds it gets the port that the test says,
# and who listens says so. The programs are as they were.
import os
import socket

PORTS = {8080: int(os.environ['TEST_PORT'])}


def redirect(sockets):
    connect, bind, listen = sockets.connect, sockets.bind, sockets.listen
    sockets.connect = lambda self, address: connect(self, (address[0], PORTS.get(address[1], address[1])))
    sockets.bind = lambda self, address: bind(self, (address[0], PORTS.get(address[1], address[1])))

    def tell(self, *args):
        listen(self, *args)
        print('listening', flush=True)

    sockets.listen = tell


redirect(socket.socket)
try:
    from gevent import _socket3
    redirect(_socket3.socket)
except ImportError:
    pass
