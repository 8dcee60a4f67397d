import sys, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed

def fib(n):
    if n <= 2:
        return 1
    return fib(n - 1) + fib(n - 2)

def sleep_for(n):
    time.sleep(n / 10)
    return n

with ProcessPoolExecutor(3) as executor:
    start = time.time()
    for future in as_completed([executor.submit(fib, n) for n in range(20, 24)]):
        print('exec result {}'.format(future.result()))
    print('last time is: %d ms' % ((time.time() - start) * 1000))

with ThreadPoolExecutor(3) as executor:
    start = time.time()
    for times in executor.map(sleep_for, [3, 1, 2]):
        print('slept {}'.format(times))
    print('last time is: %d ms' % ((time.time() - start) * 1000))
