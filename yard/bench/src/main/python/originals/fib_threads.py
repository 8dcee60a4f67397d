# Threads, processes, coroutines, asyncio, program 14. The other of its two lines "with".
import time
from concurrent.futures import ThreadPoolExecutor,as_completed
from concurrent.futures import ProcessPoolExecutor

def fib(n):
    if n <=2:
        return 1
    return fib(n-1)+fib(n-2)

# 耗cpu的操作多进程比多线程速度快
# with ProcessPoolExecutor(3) as executor:  #win使用多进程必须在__name=='__main__'下运行
with ThreadPoolExecutor(3) as executor:
    alltask = [executor.submit(fib, (num)) for num in range(25,40)]
    start_time = time.time()
    for future in as_completed(alltask):
        data = future.result()
        print('exec result {}'.format(data))

    print('last time is :{}'.format(time.time() - start_time))
