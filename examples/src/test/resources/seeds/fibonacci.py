import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed

def fib(n):
    if n <= 2:
        return 1
    return fib(n - 1) + fib(n - 2)

def random_sleep(n):
    time.sleep(n / 10)
    return n

def show(who, executor, function, numbers):
    start_time = time.time()
    alltask = [executor.submit(function, (num)) for num in numbers]
    for future in as_completed(alltask):
        data = future.result()
        print('exec result {}'.format(data))
    print('%s: last time is %d ms' % (who, (time.time() - start_time) * 1000))

if __name__ == '__main__':
    with ProcessPoolExecutor(3) as processes, ThreadPoolExecutor(3) as threads:
        print('computing:')
        show('processes', processes, fib, range(20, 24))
        show('threads', threads, fib, range(20, 24))
        print('sleeping:')
        show('processes', processes, random_sleep, [3, 1, 2])
        show('threads', threads, random_sleep, [3, 1, 2])
