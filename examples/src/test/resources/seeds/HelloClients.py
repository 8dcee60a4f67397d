# Asyncio and gevent, program 13; arguments: port, clients, hellos of each
from threading import Thread
from socket import *
import sys
import threading

def client(server_ip, port, hellos):
    c = socket(AF_INET, SOCK_STREAM)
    c.connect((server_ip, port))
    for count in range(hellos):
        c.send(('%s say hello %s\n' % (threading.current_thread().name, count)).encode('utf-8'))
        sys.stdout.write(c.recv(1024).decode('utf-8'))
    c.close()

if __name__ == '__main__':
    port, clients, hellos = map(int, sys.argv[1:])
    for i in range(clients):
        t = Thread(target=client, args=('127.0.0.1', port, hellos), name='Thread-%d' % i)
        t.start()
