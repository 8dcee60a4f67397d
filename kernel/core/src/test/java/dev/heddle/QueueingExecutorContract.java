package dev.heddle;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What the JDK promises of bodies that wait for a worker; the executor of a subclass has one. */
public abstract class QueueingExecutorContract extends ExecutorServiceContract {

    private Future<Integer> submit(int number) {
        return executor.submit((Callable<Integer>) gate.body(number));
    }

    @Test
    void bodiesRunInTheOrderInWhichTheyCame() throws Exception {
        for (int i = 0; i < 5; i++) {
            submit(i);
        }
        for (int i = 0; i < 5; i++) {
            Gate.Arrival body = gate.arrival();
            assertEquals(i, body.number);
            assertTrue(gate.isDeserted());
            body.open();
        }
    }

    @Test
    void cancelledBodyThatWaitedNeverRuns() throws Exception {
        submit(1);
        Future<Integer> first = submit(2);
        Future<Integer> second = submit(3);
        submit(4);
        Gate.Arrival running = gate.arrival();
        assertTrue(first.cancel(true));
        assertTrue(second.cancel(false));
        assertCancelled(first);
        assertCancelled(second);
        running.open();
        Gate.Arrival next = gate.arrival();
        assertEquals(4, next.number);
        next.open();
    }

    @Test
    void whatWaitsAtAShutdownStillRuns() throws Exception {
        submit(1);
        Future<Integer> waiting = submit(2);
        Gate.Arrival running = gate.arrival();
        executor.shutdown();
        running.open();
        gate.arrival().open();
        assertEquals(2, get(waiting));
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
    }

    @Test
    void shutdownNowGivesBackWhatWaitsAndLeavesItAsItIs() throws Exception {
        submit(1);
        List<Future<?>> waiting = List.of(submit(2), executor.submit((Runnable) gate.body(3)));
        Runnable command = gate.body(4);
        executor.execute(command);
        Gate.Arrival running = gate.arrival();
        List<Runnable> given = new ArrayList<>(executor.shutdownNow());
        assertSame(command, asGiven(given.removeLast(), command));
        assertEquals(waiting, given);
        assertFalse(running.wentOn());
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        for (Future<?> future : waiting) {
            assertFalse(future.isDone());
            assertEquals(Future.State.RUNNING, future.state());
            assertThrows(TimeoutException.class, () -> future.get(1, MILLISECONDS));
            assertTrue(future.cancel(false));
            assertCancelled(future);
        }
        assertTrue(gate.isDeserted());
    }

    /** What {@code shutdownNow} gives of {@code execute}: the body, if the executor runs it here. */
    protected Runnable asGiven(Runnable given, Runnable command) {
        return given;
    }
}
