# Concurrent requests, program 4. The document has lost line breaks.
from concurrent.futures import ProcessPoolExecutor
import requests

def task(url):
    response = requests.get(url)
    print(url,response) # 处理返回值 # 写正则

pool = ProcessPoolExecutor(7)
url_list = [
    'https://www.baidu.com/',
    'https://www.sina.com/',
    'https://www.zhihu.com/',
    'https://www.autohome.com/',
    'https://www.bing.com/',
    'https://www.csdn.net/',
    'https://www.oschina.net/',

]

for url in url_list:
    pool.submit(task,url)
pool.shutdown(wait=True)
