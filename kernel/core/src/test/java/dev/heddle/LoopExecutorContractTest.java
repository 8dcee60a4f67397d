package dev.heddle;

import java.util.concurrent.ExecutorService;

/** The suite of scheduled executors on a loop. */
final class LoopExecutorContractTest extends ScheduledExecutorContract {

    private Loop loop;

    @Override
    protected ExecutorService make() {
        loop = Loop.start(Config.DEFAULT);
        return loop.asExecutorService();
    }

    @Override
    protected void end() {
        loop.close();
    }
}
