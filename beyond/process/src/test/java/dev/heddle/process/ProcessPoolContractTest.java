package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.QueueingExecutorContract;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The suite of executors with a queue on a pool of processes. */
@Tag("full")
final class ProcessPoolContractTest extends QueueingExecutorContract {

    @Override
    protected ExecutorService make() {
        return ProcessPool.of(ProcessPoolOptions.DEFAULT
                .withWorkers(1)
                .withOutput(WorkerOutput.DROPPED)
                .withGrace(Duration.ofSeconds(LONG_SECONDS))
                .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx64m"));
    }

    /** A body that only a child can run is given back as its future. */
    @Override
    protected Runnable asGiven(Runnable given, Runnable command) {
        assertInstanceOf(Future.class, given);
        return command;
    }

    @Test
    void callsOfThePoolHearOfShutdownNow() throws Exception {
        var pool = (ProcessPool) executor;
        executor.submit((Callable<Integer>) gate.body(1));
        gate.arrival();
        var call = new FutureTask<>(() -> pool.call(() -> "never"));
        var all = new FutureTask<>(() -> pool.invokeAll(List.of(new Giving("never"))).getFirst());
        Thread.ofPlatform().start(call);
        Thread.ofPlatform().start(all);
        while (pool.statistics().queued() < 2) {
            Thread.yield();
        }
        assertEquals(2, pool.shutdownNow().size());
        assertInstanceOf(
                TaskCancelledException.class,
                assertThrows(ExecutionException.class, () -> get(call)).getCause());
        assertTrue(get(all).isCancelled());
    }

    @Test
    void interruptedCloseCancelsWhatWaits() throws Exception {
        executor.submit((Callable<Integer>) gate.body(1));
        Future<Integer> waiting = executor.submit((Callable<Integer>) gate.body(2));
        gate.arrival();
        Thread.currentThread().interrupt();
        executor.close();
        assertTrue(Thread.interrupted());
        assertCancelled(waiting);
    }
}
