# Day 11, threads and asyncio, programs 13 to 15
def generator2():
    yield 'a'
    yield 'b'
    yield 'c'
    yield from [11, 22, 33, 44]
    yield from (12, 23, 34)
    yield from range(3)

print(*generator2(), sep=' , ')

def my_generator():
    for i in range(5):
        if i == 2:
            return 'I was interrupted'
        else:
            yield i

def main(generator):
    try:
        for i in generator:
            print(i)
    except StopIteration as exc:
        print(exc.value)

main(my_generator())

def wrap_my_generator(generator):
    result = yield from generator
    print('this is the result:', result)

main(wrap_my_generator(my_generator()))
