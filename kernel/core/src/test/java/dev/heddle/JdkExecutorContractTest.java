package dev.heddle;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The suite of executors with a queue on one of the JDK's, whose promises these are. */
final class JdkExecutorContractTest extends QueueingExecutorContract {

    @Override
    protected ExecutorService make() {
        return Executors.newFixedThreadPool(1);
    }
}
