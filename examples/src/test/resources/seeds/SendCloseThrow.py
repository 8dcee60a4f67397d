# Day 11, threads and asyncio, program 12: the four states of inspect.getgeneratorstate
import inspect

def gen_func():
    yield inspect.getgeneratorstate(gen)
    return 'the end'

gen = gen_func()
print(inspect.getgeneratorstate(gen)[4:])
print(next(gen)[4:])
print(inspect.getgeneratorstate(gen)[4:])
gen.close()
print(inspect.getgeneratorstate(gen)[4:])
