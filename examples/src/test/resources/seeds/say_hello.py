import time
from threading import Thread

def say_hello(name):
    time.sleep(0.2)
    print('  %s says hello' % name)

print('The main task goes on:')
t = Thread(target=say_hello, args=('egon',))
t.start()
print('  main task')
t.join()

print('The main task waits:')
t = Thread(target=say_hello, args=('egon',))
t.start()
t.join()
print('  main task')
print('  alive: ' + str(t.is_alive()).lower())

class Sayhi(Thread):
    def __init__(self, name):
        super().__init__()
        self.name = name

    def run(self):
        time.sleep(0.2)
        print('  %s says hello' % self.name)

print('A class of its own:')
t = Sayhi('egon')
t.start()
t.join()
