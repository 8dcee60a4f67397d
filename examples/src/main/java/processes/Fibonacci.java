// Work that computes in three processes, and work that waits in three tasks. Arguments: [largest number].
// Answers Threads, processes, coroutines, asyncio, program 12: ProcessPoolExecutor for fib, threads for a sleep.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.process.ProcessPool;

void main(String[] args) {
    int largest = args.length > 0 ? Integer.parseInt(args[0]) : 34;
    run(() -> compute(25, largest));
}

void compute(int smallest, int largest) {
    time(() -> {
        try (var pool = ProcessPool.of(3);
                var results = pool.imap(IntStream.rangeClosed(smallest, largest).boxed().toList(), n -> fib(n))) {
            for (long number : results) {
                IO.println("exec result " + number);
            }
        }
    });
    time(() -> map(List.of(3, 1, 2), 3, this::sleepFor).forEach(times -> IO.println("slept " + times)));
}

/** Static, because the processes have no object of this program. */
static long fib(int n) {
    return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
}

int sleepFor(int times) {
    sleep(Duration.ofMillis(100L * times));
    return times;
}

void time(Action body) {
    IO.println("last time is: " + measureTime(body).toMillis() + " ms");
}
