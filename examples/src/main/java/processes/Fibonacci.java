// Computing and sleeping, each in three processes, on three threads and one after the other. Arguments: [largest number].
// Answers Threads, processes, coroutines, asyncio, programs 14 and 15: ProcessPoolExecutor against ThreadPoolExecutor.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.WorkerPool;
import dev.heddle.process.ProcessPool;

void main(String[] args) {
    int largest = args.length > 0 ? Integer.parseInt(args[0]) : 39;
    run(() -> compare(25, largest));
}

void compare(int smallest, int largest) {
    var numbers = IntStream.rangeClosed(smallest, largest).boxed().toList();
    var times = List.of(3, 1, 2);
    try (var processes = ProcessPool.of(3); var threads = WorkerPool.of(3)) {
        IO.println("computing:");
        time("processes", () -> compute(processes, numbers));
        time("threads", () -> compute(threads, numbers));
        time("one by one", () -> offload(() -> numbers.forEach(n -> show(fib(n)))));
        IO.println("sleeping:");
        time("processes", () -> sleepAll(processes, times));
        time("threads", () -> sleepAll(threads, times));
        time("tasks", () -> map(times, 3, n -> sleepFor(n)).forEach(this::show));
    }
    // CPython's global lock lets one thread compute at a time, so there processes win. Java's threads compute side by side,
    // and need no start and no copies: they win. Sleeping takes the same time everywhere: that of the longest sleep.
}

void compute(ProcessPool processes, List<Integer> numbers) {
    processes.imapUnordered(numbers, n -> fib(n)).forEach(this::show);
}

void compute(WorkerPool threads, List<Integer> numbers) {
    threads.imapUnordered(numbers, n -> fib(n)).forEach(this::show);
}

void sleepAll(ProcessPool processes, List<Integer> times) {
    processes.imapUnordered(times, n -> sleepFor(n)).forEach(this::show);
}

void sleepAll(WorkerPool threads, List<Integer> times) {
    threads.imapUnordered(times, n -> sleepFor(n)).forEach(this::show);
}

void show(Object result) {
    IO.println("exec result " + result);
}

/** Static, because the processes have no object of this program. */
static long fib(int n) {
    return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
}

static int sleepFor(int times) throws InterruptedException {
    Thread.sleep(100L * times);
    return times;
}

void time(String who, Action body) {
    IO.println(who + ": last time is " + measureTime(body).toMillis() + " ms");
}
