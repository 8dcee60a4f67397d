// A pool of two threads, where only what waits can be cancelled; and tasks, which are cancelled while they run, or refuse.
// Answers Threads, processes, coroutines, asyncio, program 10: ThreadPoolExecutor with submit, done, cancel and result.

import static dev.heddle.Heddle.*;

import dev.heddle.WorkerPool;

void main() throws Exception {
    run(this::onThreads);
    run(this::asTasks);
}

void onThreads() throws Exception {
    try (var pool = WorkerPool.of(2)) {
        var first = pool.submit(() -> blockingGetHtml(3));
        var second = pool.submit(() -> blockingGetHtml(2));
        var third = pool.submit(() -> blockingGetHtml(1));
        IO.println("done: " + first.isDone());
        IO.println("cancel the one that waits: " + third.cancel(false));
        IO.println("result: " + first.get());
        IO.println("done: " + first.isDone());
        IO.println("cancel the one that is done: " + second.cancel(false) + ", it has " + second.get());

        // In Python a call that runs refuses its cancel. In the JDK its future is given up, and its body goes on.
        var begun = new CountDownLatch(1);
        var running = pool.submit(() -> {
            begun.countDown();
            return blockingGetHtml(4);
        });
        begun.await();
        IO.println("cancel the one that runs: " + running.cancel(false) + ", its future is " + running.state());
    } // waits for the body
}

void asTasks() {
    group(g -> {
        var running = g.spawn(() -> getHtml(2));
        var refusing = g.spawn(() -> shield(() -> getHtml(3)));
        sleep(Duration.ofMillis(100));
        running.cancel();                // ends where it waits
        refusing.cancel();               // does what it has begun, as a running call of a pool in Python
        running.awaitOutcome();
        IO.println("a running task that is cancelled: " + running.state());
        refusing.awaitOutcome();
        IO.println("a running task that refuses: " + refusing.state());
    });
}

int blockingGetHtml(int times) throws InterruptedException {
    Thread.sleep(100L * times);
    IO.println("get html " + times + " success");
    return times;
}

int getHtml(int times) {
    sleep(Duration.ofMillis(100L * times));
    IO.println("get html " + times + " success");
    return times;
}
