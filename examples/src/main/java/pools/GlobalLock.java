// The same sum of work on one thread, on two threads and in two processes: here, and in CPython with its global lock.
// Answers Threads, processes, coroutines, asyncio, program 14: what the GIL does to threads that compute.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.WorkerPool;
import dev.heddle.os.Subprocess;
import dev.heddle.process.ProcessPool;

void main() {
    run(() -> measure(40, 32));
}

/** Four calls on each side; Python's numbers are smaller, or one would wait for minutes. */
void measure(int here, int inPython) throws Exception {
    try (var one = WorkerPool.of(1); var two = WorkerPool.of(2); var processes = ProcessPool.of(2)) {
        show("one thread", () -> one.invokeAll(fourTimes(here)));
        show("two threads", () -> two.invokeAll(fourTimes(here)));
        processes.map(List.of(1, 1), n -> fib(n));                    // they have started now
        show("two processes", () -> processes.map(Collections.nCopies(4, here), 1, n -> fib(n)));
    }
    IO.print(Subprocess.run("/usr/bin/python3", "-c", IN_PYTHON, "" + inPython).check().text());
}

static List<Callable<Long>> fourTimes(int n) {
    return Collections.nCopies(4, () -> fib(n));
}

/** Static, because the processes have no object of this program. */
static long fib(int n) {
    return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
}

/** The best of five rounds: others may be disturbed. */
void show(String how, Action work) {
    long best = IntStream.range(0, 5).mapToLong(_ -> measureTime(work).toMillis()).min().orElseThrow();
    IO.println(String.format("%-24s %,6d ms", "Heddle: " + how, best));
}

static final String IN_PYTHON = """
        import sys, time
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

        def fib(n):
            return 1 if n <= 2 else fib(n - 1) + fib(n - 2)

        def show(how, pool):
            with pool:
                list(pool.map(fib, [1, 1]))
                best = None
                for _ in range(5):
                    begin = time.perf_counter()
                    list(pool.map(fib, [int(sys.argv[1])] * 4))
                    seconds = time.perf_counter() - begin
                    best = min(best or seconds, seconds)
            print(f"{'CPython: ' + how:24} {best * 1000:6,.0f} ms", flush=True)

        show("one thread", ThreadPoolExecutor(1))
        show("two threads", ThreadPoolExecutor(2))
        show("two processes", ProcessPoolExecutor(2))
        """;
