# Threads, processes, coroutines, asyncio, program 3, and again with readers that sleep longer
import sys
import threading
import time

detail_url_list = []

def show(line):
    sys.stdout.write(line + '\n')  # print writes the line and its end apart, and another thread between them

def get_title_html(detail_url_list):
    show('get title url')
    time.sleep(0.2)
    for i in range(20):
        detail_url_list.append('http://www.test.com/id/{}/'.format(i))
    show('get title url done')

def get_detail_html(detail_url_list, seconds):
    show('get detail html')
    time.sleep(seconds)
    if len(detail_url_list):
        url = detail_url_list.pop()
        show('get detail html done')

def read_and_write(seconds):
    detail_url_list.clear()
    thread1 = threading.Thread(target=get_title_html, args=(detail_url_list,))
    readers = []
    for i in range(10):
        html_thread = threading.Thread(target=get_detail_html, args=(detail_url_list, seconds))
        html_thread.start()
        readers.append(html_thread)
    start_time = time.time()
    thread1.start()
    thread1.join()
    show('last time {} ms'.format(int((time.time() - start_time) * 1000)))
    for reader in readers:
        reader.join()

if __name__ == '__main__':
    print('Readers that sleep as long as the writer:')
    read_and_write(0.19)  # they were started first
    print('Readers that sleep longer:')
    read_and_write(0.4)
    print('{} of 20 left'.format(len(detail_url_list)))
