# Asyncio and gevent, program 12; prints its port first
from gevent import monkey
monkey.patch_all()
from socket import *
import gevent

def server(ip, port):
    s = socket(AF_INET, SOCK_STREAM)
    s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    s.bind((ip, port))
    s.listen(5)
    print(s.getsockname()[1])
    while True:
        conn, addr = s.accept()
        gevent.spawn(talk, conn, addr)

def talk(conn, addr):
    try:
        while True:
            res = conn.recv(1024)
            if not res:
                break
            conn.send(res.upper())
    finally:
        conn.close()

if __name__ == '__main__':
    server('127.0.0.1', 0)
