package dev.heddle;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the JDK promises of bodies that come later, or again and again. */
public abstract class ScheduledExecutorContract extends ExecutorServiceContract {

    private final Giving giving = new Giving("a");
    private final AtomicInteger runs = new AtomicInteger();

    private ScheduledExecutorService scheduled() {
        return (ScheduledExecutorService) executor;
    }

    @Test
    void delayedBodyRunsWhenItsTimeHasCome() throws Exception {
        long start = System.nanoTime();
        ScheduledFuture<String> future = scheduled().schedule((Callable<String>) giving, 10, MILLISECONDS);
        assertEquals("a", get(future));
        assertTrue(System.nanoTime() - start >= MILLISECONDS.toNanos(10));
        assertTrue(future.getDelay(NANOSECONDS) <= 0);
        assertNull(get(scheduled().schedule((Runnable) giving, 1, MILLISECONDS)));
    }

    @Test
    void delayThatIsNoneIsOver() throws Exception {
        for (long delay : new long[]{0, -1, Long.MIN_VALUE}) {
            assertEquals("a", get(scheduled().schedule((Callable<String>) giving, delay, SECONDS)));
        }
    }

    @Test
    void delayedBodyFailsAsAnyOther() {
        Future<?> future = scheduled().schedule((Runnable) new Failing("no"), 1, MILLISECONDS);
        assertEquals("no", assertThrows(ExecutionException.class, () -> get(future)).getCause().getMessage());
    }

    @Test
    void futuresAreInTheOrderOfTheirTimes() {
        List<ScheduledFuture<?>> all = List.of(
                scheduled().schedule((Runnable) giving, 1, DAYS),
                scheduled().schedule((Runnable) giving, 2, DAYS),
                scheduled().scheduleAtFixedRate(giving, 3, 1, DAYS),
                scheduled().scheduleWithFixedDelay(giving, 4, 1, DAYS),
                scheduled().schedule((Runnable) giving, Long.MAX_VALUE, DAYS));
        for (int i = 0; i < all.size(); i++) {
            for (int k = 0; k < all.size(); k++) {
                assertEquals(Integer.compare(i, k), Integer.signum(all.get(i).compareTo(all.get(k))));
            }
        }
        long left = all.getFirst().getDelay(SECONDS);
        assertTrue(left <= DAYS.toSeconds(1) && left > DAYS.toSeconds(1) - LONG_SECONDS, () -> left + " s");
        assertTrue(all.getLast().getDelay(DAYS) > 365);
    }

    @Test
    void repeatedBodyRunsUntilItsFutureIsCancelled() throws Exception {
        List<ScheduledFuture<?>> all = List.of(
                scheduled().scheduleAtFixedRate(gate.body(1), 0, 1, MILLISECONDS),
                scheduled().scheduleWithFixedDelay(gate.body(2), 0, 1, MILLISECONDS));
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 6; i++) {
            Gate.Arrival body = gate.arrival();
            seen.add(body.number);
            body.open();
            assertTrue(body.wentOn());
            assertThrows(TimeoutException.class, () -> all.getFirst().get(0, SECONDS));
            assertEquals(Future.State.RUNNING, all.getFirst().state());
        }
        for (ScheduledFuture<?> future : all) {
            assertTrue(future.cancel(true));
            assertCancelled(future);
        }
        assertTrue(seen.contains(1));
    }

    @Test
    void repeatedBodyThatFailsRunsNoMore() throws Exception {
        for (ScheduledFuture<?> future : List.of(
                scheduled().scheduleAtFixedRate(this::failAtThird, 0, 1, MILLISECONDS),
                scheduled().scheduleWithFixedDelay(this::failAtThird, 0, 1, MILLISECONDS))) {
            Throwable cause = assertThrows(ExecutionException.class, () -> get(future)).getCause();
            assertInstanceOf(IllegalStateException.class, cause);
        }
        assertEquals("a", get(scheduled().schedule((Callable<String>) giving, 5, MILLISECONDS)));
        assertEquals(4, runs.get());
    }

    private void failAtThird() {
        if (runs.incrementAndGet() >= 3) {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void cancelledBodyThatIsDelayedNeverRuns() throws Exception {
        ScheduledFuture<?> future = scheduled().schedule(runs::incrementAndGet, 5, MILLISECONDS);
        assertTrue(future.cancel(true));
        assertCancelled(future);
        get(scheduled().schedule((Runnable) giving, 10, MILLISECONDS));
        assertEquals(0, runs.get());
    }

    @Test
    void wrongArgumentsOfSchedulesAreRefused() {
        Runnable noBody = nothing();
        Callable<String> noCallable = nothing();
        TimeUnit noUnit = nothing();
        for (Executable call : List.<Executable>of(
                () -> scheduled().schedule(noBody, 1, SECONDS),
                () -> scheduled().schedule(noCallable, 1, SECONDS),
                () -> scheduled().schedule((Runnable) giving, 1, noUnit),
                () -> scheduled().schedule((Callable<String>) giving, 1, noUnit),
                () -> scheduled().scheduleAtFixedRate(noBody, 1, 1, SECONDS),
                () -> scheduled().scheduleWithFixedDelay(noBody, 1, 1, SECONDS),
                () -> scheduled().scheduleAtFixedRate(giving, 1, 1, noUnit),
                () -> scheduled().scheduleWithFixedDelay(giving, 1, 1, noUnit))) {
            assertThrows(NullPointerException.class, call);
        }
        for (long period : new long[]{0, -1, Long.MIN_VALUE}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> scheduled().scheduleAtFixedRate(giving, 1, period, SECONDS));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> scheduled().scheduleWithFixedDelay(giving, 1, period, SECONDS));
        }
    }

    @Test
    void shutdownLetsDelayedBodiesComeAndCancelsRepeatedOnes() throws Exception {
        var begun = new CountDownLatch(1);
        ScheduledFuture<?> repeated = scheduled().scheduleAtFixedRate(begun::countDown, 0, 1, DAYS);
        begun.await();
        ScheduledFuture<?> unbegun = scheduled().scheduleWithFixedDelay(giving, 1, 1, DAYS);
        ScheduledFuture<String> delayed = scheduled().schedule((Callable<String>) giving, 20, MILLISECONDS);
        executor.shutdown();
        assertThrows(CancellationException.class, () -> get(repeated)); // its body may not have returned yet
        assertCancelled(repeated);
        assertCancelled(unbegun);
        assertThrows(RejectedExecutionException.class, () -> scheduled().schedule((Runnable) giving, 1, SECONDS));
        assertThrows(
                RejectedExecutionException.class,
                () -> scheduled().schedule((Callable<String>) giving, 1, SECONDS));
        assertThrows(
                RejectedExecutionException.class,
                () -> scheduled().scheduleAtFixedRate(giving, 1, 1, SECONDS));
        assertThrows(
                RejectedExecutionException.class,
                () -> scheduled().scheduleWithFixedDelay(giving, 1, 1, SECONDS));
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        assertEquals("a", delayed.resultNow());
    }

    @Test
    void shutdownNowGivesBackWhatHasNotBegunAndLeavesItAsItIs() throws Exception {
        var begun = new CountDownLatch(1);
        ScheduledFuture<?> repeated = scheduled().scheduleAtFixedRate(begun::countDown, 0, 1, DAYS);
        begun.await();
        get(scheduled().schedule((Runnable) giving, 1, MILLISECONDS));
        List<Future<?>> waiting = List.of(
                repeated,
                scheduled().scheduleWithFixedDelay(giving, 1, 1, DAYS),
                scheduled().schedule((Callable<String>) giving, 1, DAYS));
        assertEquals(new HashSet<Object>(waiting), new HashSet<Object>(executor.shutdownNow()));
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        for (Future<?> future : waiting) {
            assertFalse(future.isDone());
            assertThrows(TimeoutException.class, () -> future.get(1, MILLISECONDS));
            assertTrue(future.cancel(false));
            assertCancelled(future);
        }
        assertEquals(List.of(), executor.shutdownNow());
    }
}
