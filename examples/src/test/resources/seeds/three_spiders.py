import threading, time

class HtmlSpider(threading.Thread):
    def __init__(self, url):
        super().__init__()
        self.url = url

    def run(self):
        time.sleep(0.2)
        print('get html success: ' + self.url + '\n', end='')
        places.release()

start = time.time()
places = threading.Semaphore(3)
spiders = []
for i in range(10):
    places.acquire()
    spiders.append(HtmlSpider('http://www.baidu.com/id/{}/'.format(i)))
    spiders[-1].start()
for spider in spiders:
    spider.join()
print('in %d ms' % ((time.time() - start) * 1000))
