import queue

def put_and_take(q, *elements):
    for element in elements:
        q.put(element)
    while not q.empty():
        element = q.get()
        print(element if isinstance(element, str) else '%s=%s' % element)

put_and_take(queue.Queue(), 'first', 'second', 'third')
put_and_take(queue.LifoQueue(), 'first', 'second', 'third')
put_and_take(queue.PriorityQueue(), (20, 'a'), (10, 'b'), (30, 'c'))
