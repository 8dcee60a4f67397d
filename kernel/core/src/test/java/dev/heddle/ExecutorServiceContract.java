package dev.heddle;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What the JDK promises of each executor and its futures. Its own executors pass it too. Bodies are records, so that
 * they can travel to other processes.
 */
public abstract class ExecutorServiceContract {

    /** Sees a bug as a failure, not as a hang. */
    protected static final long LONG_SECONDS = 30;

    private static final TimeUnit NO_UNIT = nothing();

    protected ExecutorService executor;
    protected Gate gate;

    /** Makes the executor; what it stands on is closed by {@link #end}. */
    protected abstract ExecutorService make();

    /** Closes what the executor stands on. */
    protected void end() {}

    @BeforeEach
    void begin() throws Exception {
        executor = make();
        gate = new Gate();
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
        executor.shutdownNow();
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        end();
    }

    /** Null, where the code is told that there is none. */
    @SuppressWarnings("NullAway")
    protected static <T> T nothing() {
        return null;
    }

    /** A body that gives something. */
    public record Giving(String value) implements Callable<String>, Runnable {

        @Override
        public String call() {
            return value;
        }

        @Override
        public void run() {}
    }

    /** A body that fails. */
    public record Failing(String message) implements Callable<String>, Runnable {

        @Override
        public String call() {
            throw new IllegalArgumentException(message);
        }

        @Override
        public void run() {
            call();
        }
    }

    protected static <T> T get(Future<T> future) throws Exception {
        return future.get(LONG_SECONDS, SECONDS);
    }

    private Future<Integer> submit(int number) {
        return executor.submit((Callable<Integer>) gate.body(number));
    }

    // ---- bodies ----

    @Test
    void futureHasWhatItsBodyGave() throws Exception {
        Future<String> future = executor.submit((Callable<String>) new Giving("a"));
        assertEquals("a", get(future));
        assertEquals("a", future.get());
        assertEquals("a", future.resultNow());
        assertTrue(future.isDone());
        assertFalse(future.isCancelled());
        assertEquals(Future.State.SUCCESS, future.state());
        assertThrows(IllegalStateException.class, future::exceptionNow);
        assertNull(get(executor.submit((Callable<String>) new Giving(nothing()))));
        assertNull(get(executor.submit((Runnable) new Giving("b"))));
        assertEquals("c", get(executor.submit(new Giving("b"), "c")));
    }

    @Test
    void failureOfABodyIsTheCauseOfAnExecutionException() {
        List<Future<?>> all = List.of(
                executor.submit((Callable<String>) new Failing("no")),
                executor.submit((Runnable) new Failing("no")),
                executor.submit(new Failing("no"), "a"));
        for (Future<?> future : all) {
            Throwable cause = assertThrows(ExecutionException.class, () -> get(future)).getCause();
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertEquals("no", cause.getMessage());
            assertThrows(ExecutionException.class, future::get);
            assertEquals("no", future.exceptionNow().getMessage());
            assertEquals(Future.State.FAILED, future.state());
            assertTrue(future.isDone());
            assertFalse(future.isCancelled());
            assertFalse(future.cancel(true));
            assertThrows(IllegalStateException.class, future::resultNow);
        }
    }

    @Test
    void executeRunsABody() throws Exception {
        executor.execute(gate.body(1));
        Gate.Arrival body = gate.arrival();
        body.open();
        assertTrue(body.wentOn());
    }

    @Test
    void nullIsRefused() throws Exception {
        List<Callable<String>> bodies = List.of(new Giving("a"));
        List<Callable<String>> withNull = Arrays.asList(new Giving("a"), nothing());
        Future<String> future = executor.submit(bodies.getFirst());
        List<Executable> calls = List.of(
                () -> executor.execute(nothing()),
                () -> executor.submit(ExecutorServiceContract.<Runnable>nothing()),
                () -> executor.submit(ExecutorServiceContract.<Runnable>nothing(), "a"),
                () -> executor.submit(ExecutorServiceContract.<Callable<String>>nothing()),
                () -> executor.invokeAll(ExecutorServiceContract.<List<Callable<String>>>nothing()),
                () -> executor.invokeAny(ExecutorServiceContract.<List<Callable<String>>>nothing()),
                () -> executor.invokeAll(withNull),
                () -> executor.invokeAny(Arrays.<Callable<String>>asList(nothing(), nothing())),
                () -> executor.invokeAll(bodies, 1, NO_UNIT),
                () -> executor.invokeAny(bodies, 1, NO_UNIT),
                () -> executor.awaitTermination(1, NO_UNIT),
                () -> future.get(1, NO_UNIT));
        for (Executable call : calls) {
            assertThrows(NullPointerException.class, call);
        }
        assertEquals("a", get(future));
    }

    // ---- futures ----

    @Test
    void runningFutureHasNoEnd() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        assertEquals(Future.State.RUNNING, future.state());
        assertFalse(future.isDone());
        assertFalse(future.isCancelled());
        assertThrows(IllegalStateException.class, future::resultNow);
        assertThrows(IllegalStateException.class, future::exceptionNow);
        for (long limit : new long[]{1, 0, -1, Long.MIN_VALUE}) {
            assertThrows(TimeoutException.class, () -> future.get(limit, MILLISECONDS));
        }
        body.open();
        assertEquals(1, future.get(Long.MAX_VALUE, SECONDS));
    }

    @Test
    void interruptedWaitForAFutureEndsAndItsBodyGoesOn() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        for (Executable wait : List.<Executable>of(future::get, () -> get(future))) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, wait);
            assertFalse(Thread.interrupted());
            var waiting = new FutureTask<Throwable>(() -> assertThrows(InterruptedException.class, wait));
            Thread thread = Thread.ofPlatform().start(waiting);
            untilWaiting(thread);
            thread.interrupt();
            get(waiting);
        }
        body.open();
        assertTrue(body.wentOn());
        assertEquals(1, get(future));
    }

    /** Waits until a thread waits. */
    protected static void untilWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive());
            Thread.yield();
        }
    }

    @Test
    void pendingInterruptDoesNotHideAnEnd() throws Exception {
        Future<String> future = executor.submit((Callable<String>) new Giving("a"));
        get(future);
        Thread.currentThread().interrupt();
        assertEquals("a", future.get());
        assertEquals("a", get(future));
        assertTrue(Thread.interrupted());
    }

    @Test
    void cancelOfARunningBodyInterruptsIt() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        assertTrue(future.cancel(true));
        assertFalse(body.wentOn());
        assertCancelled(future);
    }

    protected static void assertCancelled(Future<?> future) {
        assertTrue(future.isDone());
        assertTrue(future.isCancelled());
        assertEquals(Future.State.CANCELLED, future.state());
        assertThrows(CancellationException.class, future::get);
        assertThrows(CancellationException.class, () -> get(future));
        assertThrows(IllegalStateException.class, future::resultNow);
        assertThrows(IllegalStateException.class, future::exceptionNow);
    }

    @Test
    void cancelWithoutInterruptLetsARunningBodyEnd() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        assertTrue(future.cancel(false));
        assertCancelled(future);
        body.open();
        assertTrue(body.wentOn());
        assertCancelled(future);
    }

    @Test
    void cancelOfWhatIsDoneChangesNothing() throws Exception {
        Future<String> future = executor.submit((Callable<String>) new Giving("a"));
        get(future);
        assertFalse(future.cancel(true));
        assertFalse(future.isCancelled());
        assertEquals("a", future.get());
    }

    // ---- the end ----

    @Test
    void shutdownTakesNoMoreAndLetsBodiesEnd() throws Exception {
        assertFalse(executor.isShutdown());
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        executor.shutdown();
        assertTrue(executor.isShutdown());
        assertRefusing();
        for (long limit : new long[]{1, 0, -1}) {
            assertFalse(executor.awaitTermination(limit, MILLISECONDS));
        }
        assertFalse(executor.isTerminated());
        body.open();
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        assertTrue(executor.isTerminated());
        assertEquals(1, future.resultNow());
        executor.shutdown();
        assertRefusing();
    }

    private void assertRefusing() {
        var body = new Giving("a");
        List<Executable> calls = List.of(
                () -> executor.execute(body),
                () -> executor.submit((Runnable) body),
                () -> executor.submit((Callable<String>) body),
                () -> executor.submit(body, "b"),
                () -> executor.invokeAll(List.of(body)),
                () -> executor.invokeAll(List.of(body), 1, SECONDS),
                () -> executor.invokeAny(List.of(body)),
                () -> executor.invokeAny(List.of(body), 1, SECONDS));
        for (Executable call : calls) {
            assertThrows(RejectedExecutionException.class, call);
        }
    }

    @Test
    void shutdownNowInterruptsWhatRuns() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        assertEquals(List.of(), executor.shutdownNow());
        assertTrue(executor.isShutdown());
        assertFalse(body.wentOn());
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        assertTrue(future.isDone());
        assertEquals(List.of(), executor.shutdownNow());
        assertRefusing();
    }

    @Test
    void executorWithoutWorkEndsAtOnce() throws Exception {
        executor.shutdown();
        assertTrue(executor.awaitTermination(LONG_SECONDS, SECONDS));
        executor.close();
        executor.close();
        assertTrue(executor.isTerminated());
    }

    @Test
    void interruptedWaitForTheEndIsInterrupted() throws Exception {
        submit(1);
        Gate.Arrival body = gate.arrival();
        executor.shutdown();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> executor.awaitTermination(LONG_SECONDS, SECONDS));
        assertFalse(Thread.interrupted());
        body.open();
        assertTrue(body.wentOn());
    }

    @Test
    void closeAwaitsTheBodies() throws Exception {
        Future<Integer> future = submit(1);
        Gate.Arrival body = gate.arrival();
        Thread closing = Thread.ofPlatform().start(executor::close);
        untilWaiting(closing);
        assertTrue(executor.isShutdown());
        body.open();
        closing.join();
        assertTrue(executor.isTerminated());
        assertEquals(1, future.resultNow());
    }

    @Test
    void interruptedCloseInterruptsTheBodiesAndStaysInterrupted() throws Exception {
        submit(1);
        Gate.Arrival body = gate.arrival();
        Thread.currentThread().interrupt();
        executor.close();
        assertTrue(Thread.interrupted());
        assertFalse(body.wentOn());
        assertTrue(executor.isTerminated());
    }

    // ---- many ----

    @Test
    void invokeAllGivesAllEndsInOrder() throws Exception {
        List<Future<String>> ends = executor.invokeAll(List.of(new Giving("a"), new Failing("no"), new Giving("b")));
        assertEquals("a", ends.get(0).resultNow());
        assertEquals("no", ends.get(1).exceptionNow().getMessage());
        assertEquals("b", ends.get(2).resultNow());
        assertEquals("c", executor.invokeAll(List.of(new Giving("c")), LONG_SECONDS, SECONDS).getFirst().resultNow());
        assertEquals(List.of(), executor.invokeAll(List.<Callable<String>>of()));
        assertEquals(List.of(), executor.invokeAll(List.<Callable<String>>of(), 1, SECONDS));
    }

    @Test
    void invokeAllCancelsWhatIsLate() throws Exception {
        for (long limit : new long[]{5, 0, -1}) {
            Future<Integer> late = executor.invokeAll(List.of(gate.body(1)), limit, MILLISECONDS).getFirst();
            assertCancelled(late);
        }
        assertEquals("a", get(executor.submit((Callable<String>) new Giving("a"))));
    }

    @Test
    void interruptedInvokeAllCancelsItsBodies() throws Exception {
        List<Gate.Body> bodies = List.of(gate.body(1));
        var invoking = new FutureTask<Throwable>(
                () -> assertThrows(InterruptedException.class, () -> executor.invokeAll(bodies)));
        Thread thread = Thread.ofPlatform().start(invoking);
        Gate.Arrival body = gate.arrival();
        thread.interrupt();
        get(invoking);
        assertFalse(body.wentOn());
    }

    @Test
    void invokeAnyGivesTheFirstResult() throws Exception {
        assertEquals("a", executor.invokeAny(List.of(new Failing("no"), new Giving("a"))));
        assertEquals("a", executor.invokeAny(List.of(new Failing("no"), new Giving("a")), LONG_SECONDS, SECONDS));
    }

    @Test
    void invokeAnyOfFailuresThrowsOne() {
        List<Failing> bodies = List.of(new Failing("no"), new Failing("no"));
        for (Executable call : List.<Executable>of(
                () -> executor.invokeAny(bodies), () -> executor.invokeAny(bodies, LONG_SECONDS, SECONDS))) {
            assertEquals("no", assertThrows(ExecutionException.class, call).getCause().getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> executor.invokeAny(List.<Callable<String>>of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> executor.invokeAny(List.<Callable<String>>of(), 1, SECONDS));
    }

    @Test
    void invokeAnyHasALimit() throws Exception {
        assertThrows(TimeoutException.class, () -> executor.invokeAny(List.of(gate.body(1)), 5, MILLISECONDS));
        assertEquals("a", get(executor.submit((Callable<String>) new Giving("a"))));
    }

    @Test
    void interruptedInvokeAnyCancelsItsBodies() throws Exception {
        List<Gate.Body> bodies = List.of(gate.body(1));
        var invoking = new FutureTask<Throwable>(
                () -> assertThrows(InterruptedException.class, () -> executor.invokeAny(bodies)));
        Thread thread = Thread.ofPlatform().start(invoking);
        Gate.Arrival body = gate.arrival();
        thread.interrupt();
        get(invoking);
        assertFalse(body.wentOn());
    }
}
