# Concurrent requests, program 4, with a pool that outlives the program: the next round finds its processes there.
from concurrent.futures import ProcessPoolExecutor, wait
import builtins
import requests

def task(url):
    response = requests.get(url)
    print(url,response) # 处理返回值 # 写正则

pool = vars(builtins).setdefault('pool', ProcessPoolExecutor(7))
url_list = [
    'https://www.baidu.com/',
    'https://www.sina.com/',
    'https://www.zhihu.com/',
    'https://www.autohome.com/',
    'https://www.bing.com/',
    'https://www.csdn.net/',
    'https://www.oschina.net/',

]

wait([pool.submit(task,url) for url in url_list])
