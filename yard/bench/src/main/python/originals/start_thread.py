# Threads and coroutines, program 3, its first half, and the wait for the end.
from threading import Thread

def work():
    print('hello')

if __name__ == '__main__':
    #在主进程下开启线程
    t=Thread(target=work)
    t.start()
    print('主线程/主进程')
    t.join()
