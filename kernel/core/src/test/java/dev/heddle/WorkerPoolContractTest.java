package dev.heddle;

import java.util.concurrent.ExecutorService;

/** The suite of executors with a queue on a pool of threads. */
final class WorkerPoolContractTest extends QueueingExecutorContract {

    @Override
    protected ExecutorService make() {
        return WorkerPool.of(1);
    }
}
