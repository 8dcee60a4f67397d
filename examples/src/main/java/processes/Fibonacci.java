// Work that computes in three processes, and work that waits in three tasks. Arguments: [largest number].
// Answers Threads, processes, coroutines, asyncio, program 12: ProcessPoolExecutor for fib, threads for a sleep.

import static dev.heddle.Heddle.*;

import dev.heddle.process.ProcessPool;

void main(String[] args) {
    int largest = args.length > 0 ? Integer.parseInt(args[0]) : 34;
    run(() -> compute(25, largest));
}

void compute(int smallest, int largest) {
    long start = currentLoop().nanoTime();
    try (var pool = ProcessPool.of(3);
            var results = pool.imap(IntStream.rangeClosed(smallest, largest).boxed().toList(), n -> fib(n))) {
        for (long number : results) {
            IO.println("exec result " + number);
        }
    }
    IO.println("last time is: " + millisSince(start) + " ms");

    start = currentLoop().nanoTime();
    map(List.of(3, 1, 2), 3, this::sleepFor).forEach(times -> IO.println("slept " + times));
    IO.println("last time is: " + millisSince(start) + " ms");
}

/** Static, because the processes have no object of this program. */
static long fib(int n) {
    return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
}

int sleepFor(int times) {
    sleep(Duration.ofMillis(100L * times));
    return times;
}

long millisSince(long start) {
    return Duration.ofNanos(currentLoop().nanoTime() - start).toMillis();
}
