# Threads and coroutines, program 3, its second half, and the wait for the end.
from multiprocessing import Process

def work():
    print('hello')

if __name__ == '__main__':
    #在主进程下开启子进程
    t=Process(target=work)
    t.start()
    print('主线程/主进程')
    t.join()
