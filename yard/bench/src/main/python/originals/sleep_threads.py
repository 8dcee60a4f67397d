# Threads, processes, coroutines, asyncio, program 15. The document has the function only: pool and loop are those of program 14.
import time
from concurrent.futures import ThreadPoolExecutor,as_completed
from concurrent.futures import ProcessPoolExecutor

# io操作多线程比多进程快
def random_sleep(n):
    time.sleep(n)
    return n

# with ProcessPoolExecutor(3) as executor:
with ThreadPoolExecutor(3) as executor:
    alltask = [executor.submit(random_sleep, (num)) for num in [0.3, 0.1, 0.2]]
    for future in as_completed(alltask):
        data = future.result()
        print('exec result {}'.format(data))
