import threading

class XiaoAi(threading.Thread):
    def run(self):
        with cond:
            listening.set()
            cond.wait()
            print('Xiao Ai: Here.')
            cond.notify()
            cond.wait()
            print('Xiao Ai: Oh yes.')
            cond.notify()

class TmallGenie(threading.Thread):
    def run(self):
        with cond:
            print('Tmall Genie: Xiao Ai!')
            cond.notify()
            cond.wait()
            print('Tmall Genie: Let us recite poems.')
            cond.notify()
            cond.wait()

cond = threading.Condition()
listening = threading.Event()
xiao_ai = XiaoAi()
tmall_genie = TmallGenie()
xiao_ai.start()
listening.wait()  # the order of the two starts matters in this program
tmall_genie.start()
xiao_ai.join()
tmall_genie.join()
