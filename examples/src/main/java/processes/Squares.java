// Squares made by a pool of processes and by a pool of threads: the same calls.
// Answers Threads and coroutines, programs 21 to 23: ProcessPoolExecutor, ThreadPoolExecutor, map.

import static dev.heddle.Heddle.*;

import dev.heddle.WorkerPool;
import dev.heddle.process.ProcessPool;

record Square(long pid, int value) {}

void main() throws Exception {
    run(this::square);
}

void square() throws Exception {
    long here = ProcessHandle.current().pid();
    var futures = new ArrayList<Future<Square>>();
    try (var pool = ProcessPool.of(3)) {
        for (int i = 0; i < 11; i++) {
            int number = i;
            futures.add(pool.submit(() -> task(number)));
        }
    } // waits for all, as shutdown(True) does
    IO.println("+++>");
    for (var future : futures) {
        IO.println(future.get().value() + (future.get().pid() == here ? ", made here" : ", made elsewhere"));
    }

    try (var pool = WorkerPool.of(3)) {
        for (Square square : pool.imap(IntStream.range(1, 12).boxed().toList(), number -> task(number))) {
            IO.println(square.value() + (square.pid() == here ? ", made here" : ", made elsewhere"));
        }
    }
}

/** Static, because the processes have no object of this program. */
static Square task(int number) throws InterruptedException {
    Thread.sleep(10L * (number % 3));
    return new Square(ProcessHandle.current().pid(), number * number);
}
