"""Runs a program of the documents, as it stands in its file: a round for each line on the standard input, answered by its milliseconds.

    original_peer.py PROGRAM PORT TIMES SHORTER [LONG=WARM=SHORT]

PORT     of this machine: what the program asks of any site goes there, without TLS
TIMES    that the program runs in a round; the answer is for one
SHORTER  by which its sleeps are divided
LONG     in its text is replaced by WARM in a round that does not count, whose line is NaN, and by SHORT in one that does

What Python and the libraries do not have any more, or a machine lacks, is put in from here: see standins.py.
"""

import asyncio
import logging
import os
import pathlib
import socket
import sys
import time
import types
import warnings

import standins

MILLIS = 1e3


def run(code):
    """Runs a program as the main module, so that processes that it forks find its functions."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    exec(code, module.__dict__)


def code_of(text):
    return compile(text.replace("https://", "http://"), program, "exec")


program, port, times, shorter, *replaced = sys.argv[1:]
file = pathlib.Path(__file__).with_name("originals") / program
source = file.read_text(encoding="utf-8")
warm = measured = code_of(source)
if replaced:
    long, in_warm_up, short = replaced[0].split("=")
    if long not in source:
        sys.exit(f"{program} does not say {long}")
    warm, measured = (code_of(source.replace(long, other)) for other in (in_warm_up, short))

answers = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
requests = os.fdopen(os.dup(0))
warnings.simplefilter("ignore")
logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # that a program has not closed what it opened
standins.redirect(int(port))
standins.shorten_sleeps(int(shorter))
standins.put_in(source)
loop = None
for line in requests:
    if loop is None or loop.is_closed():  # by the round before
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    code = warm if line.startswith("NaN") else measured
    start = time.perf_counter()
    for _ in range(int(times)):
        run(code)
    taken = time.perf_counter() - start
    print(taken * MILLIS / int(times), file=answers, flush=True)
