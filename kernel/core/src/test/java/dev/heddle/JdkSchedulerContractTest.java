package dev.heddle;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The suite of scheduled executors on the JDK's, whose promises these are. */
final class JdkSchedulerContractTest extends ScheduledExecutorContract {

    @Override
    protected ExecutorService make() {
        return Executors.newScheduledThreadPool(2);
    }
}
