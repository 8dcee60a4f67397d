import sys, threading
from socket import socket, AF_INET, SOCK_STREAM

def client(port, answers):
    with socket(AF_INET, SOCK_STREAM) as c:
        c.connect(('127.0.0.1', port))
        lines = c.makefile('r')
        for count in range(3):
            c.sendall(('%s says hello %s\n' % (threading.current_thread().name, count)).encode('utf-8'))
            answers.append(lines.readline())

answers = []
threads = [threading.Thread(target=client, args=(int(sys.argv[1]), answers), name='client-%d' % i) for i in range(20)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(''.join(sorted(answers)), end='')
