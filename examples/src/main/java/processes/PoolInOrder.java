// A pool of processes: one result to come back to, all results in the order of the items, and each as soon as it is there.
// Answers Threads, processes, coroutines, asyncio, programs 18 to 20: multiprocessing.Pool with apply_async, imap and imap_unordered.

import static dev.heddle.Heddle.*;

import dev.heddle.process.ProcessPool;

static final List<Integer> TIMES = List.of(1, 5, 3);

void main() throws Exception {
    run(this::askThePool);
}

void askThePool() throws Exception {
    try (var pool = ProcessPool.of(3)) {
        var result = pool.submit(() -> getHtml(3));
        IO.println(result.get());

        IO.println("imap:");
        pool.imap(TIMES, times -> getHtml(times)).forEach(times -> IO.println(times + " sleep success"));

        IO.println("imap_unordered:");
        pool.imapUnordered(TIMES, times -> getHtml(times)).forEach(times -> IO.println(times + " sleep success"));
    }
    IO.println("main process end");
}

/** Static, because the processes have no object of this program. */
static int getHtml(int times) throws InterruptedException {
    Thread.sleep(50L * times);
    return times;
}
