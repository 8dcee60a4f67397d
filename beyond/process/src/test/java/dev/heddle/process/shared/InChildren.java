package dev.heddle.process.shared;

import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.WorkerOutput;
import java.time.Duration;

/** Other processes. */
final class InChildren implements Elsewhere, AutoCloseable {

    static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(500))
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx256m");

    private final ProcessPool pool;

    InChildren(int children) {
        pool = ProcessPool.of(QUIET.withWorkers(children));
    }

    @Override
    public <T> Started<T> start(RemoteCallable<T> body) {
        var future = pool.submit(body);
        return () -> InThreads.Ends.of(future);
    }

    @Override
    public void pause() throws InterruptedException {
        Thread.sleep(1);
    }

    ProcessPool pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.terminate();
        pool.close();
    }
}
