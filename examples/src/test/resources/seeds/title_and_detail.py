import threading, time

class GetHtml(threading.Thread):
    def __init__(self, name):
        super().__init__(name=name)

    def run(self):
        print(self.name + '\n', end='')
        time.sleep(0.2)
        print(self.name + ' done\n', end='')

start = time.time()
title = GetHtml('get title html')
detail = GetHtml('get detail html')
title.start()
detail.start()
title.join()
detail.join()
print('last time %d ms' % ((time.time() - start) * 1000))
