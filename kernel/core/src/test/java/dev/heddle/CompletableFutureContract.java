package dev.heddle;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the JDK promises of futures that others complete, and of the stages after them. */
abstract class CompletableFutureContract {

    private static final long LONG_SECONDS = 30;

    private final IllegalArgumentException failure = new IllegalArgumentException("no");

    private CompletableFuture<String> future;

    /** Makes one that is not done; the last that was made is what the other methods are about. */
    abstract CompletableFuture<String> make();

    /** Another one of what the last that was made stands for. */
    abstract CompletableFuture<String> another();

    /** Has what it stands for succeed, and waits until it is done. */
    abstract void succeed(String value);

    /** Has what it stands for fail, and waits until it is done. */
    abstract void fail(RuntimeException why);

    /** Closes what it stands on. */
    void end() {}

    @BeforeEach
    void begin() {
        future = make();
    }

    @AfterEach
    void close() {
        end();
    }

    @Test
    void untilItIsDoneItHasNoEnd() {
        assertFalse(future.isDone());
        assertFalse(future.isCancelled());
        assertFalse(future.isCompletedExceptionally());
        assertEquals(Future.State.RUNNING, future.state());
        assertEquals("b", future.getNow("b"));
        assertThrows(IllegalStateException.class, future::resultNow);
        assertThrows(IllegalStateException.class, future::exceptionNow);
        for (long limit : new long[]{1, 0, -1}) {
            assertThrows(TimeoutException.class, () -> future.get(limit, MILLISECONDS));
        }
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, future::get);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> future.get(LONG_SECONDS, SECONDS));
        assertFalse(Thread.interrupted());
    }

    @Test
    void resultIsThere() throws Exception {
        succeed("a");
        assertEquals("a", future.get());
        assertEquals("a", future.get(0, SECONDS));
        assertEquals("a", future.join());
        assertEquals("a", future.getNow("b"));
        assertEquals("a", future.resultNow());
        assertEquals(Future.State.SUCCESS, future.state());
        assertTrue(future.isDone());
        assertFalse(future.isCompletedExceptionally());
        assertFalse(future.complete("b"));
        assertFalse(future.completeExceptionally(failure));
        assertFalse(future.cancel(true));
        assertThrows(IllegalStateException.class, future::exceptionNow);
    }

    @Test
    void failureIsThere() {
        fail(failure);
        assertSame(failure, assertThrows(ExecutionException.class, future::get).getCause());
        assertSame(failure, assertThrows(ExecutionException.class, () -> future.get(0, SECONDS)).getCause());
        assertSame(failure, assertThrows(CompletionException.class, future::join).getCause());
        assertSame(failure, assertThrows(CompletionException.class, () -> future.getNow("b")).getCause());
        assertSame(failure, future.exceptionNow());
        assertEquals(Future.State.FAILED, future.state());
        assertTrue(future.isDone());
        assertTrue(future.isCompletedExceptionally());
        assertFalse(future.isCancelled());
        assertFalse(future.cancel(true));
        assertThrows(IllegalStateException.class, future::resultNow);
    }

    @Test
    void cancelEndsIt() {
        assertTrue(future.cancel(true));
        assertTrue(future.isCancelled());
        assertTrue(future.isDone());
        assertTrue(future.isCompletedExceptionally());
        assertEquals(Future.State.CANCELLED, future.state());
        assertThrows(CancellationException.class, future::get);
        assertThrows(CancellationException.class, () -> future.get(1, SECONDS));
        assertThrows(CancellationException.class, future::join);
        assertThrows(CancellationException.class, () -> future.getNow("b"));
        assertFalse(future.complete("b"));
        assertTrue(future.cancel(true));
    }

    @Test
    void whoeverCompletesItFirstHasTheLastWord() throws Exception {
        assertTrue(future.complete("b"));
        assertFalse(future.complete("c"));
        assertEquals("b", future.get());
        future = make();
        assertTrue(future.completeExceptionally(failure));
        assertSame(failure, assertThrows(ExecutionException.class, future::get).getCause());
        succeed("a");
        assertSame(failure, future.exceptionNow());
        future.obtrudeValue("d");
        assertEquals("d", future.get());
    }

    @Test
    void stagesAfterAResultHaveIt() {
        CompletableFuture<String> mapped = future.thenApply(value -> value + "b");
        CompletableFuture<String> composed = future
                .thenCompose(value -> CompletableFuture.completedFuture(value + "c"));
        CompletableFuture<String> handled = future.handle((value, e) -> value + e);
        CompletableFuture<String> told = future.whenComplete((value, e) -> assertNull(e));
        CompletableFuture<String> recovered = future.exceptionally(Throwable::getMessage);
        CompletableFuture<String> both = future.thenCombine(mapped, String::concat);
        CompletableFuture<Object> any = CompletableFuture.anyOf(future, new CompletableFuture<>());
        CompletableFuture<Void> all = CompletableFuture.allOf(future, mapped);
        CompletionStage<String> minimal = future.minimalCompletionStage();
        CompletableFuture<String> copy = future.copy();
        assertFalse(mapped.isDone());
        succeed("a");
        assertEquals("ab", mapped.join());
        assertEquals("ac", composed.join());
        assertEquals("anull", handled.join());
        assertEquals("a", told.join());
        assertEquals("a", recovered.join());
        assertEquals("aab", both.join());
        assertEquals("a", any.join());
        assertNull(all.join());
        assertEquals("a", minimal.toCompletableFuture().join());
        assertEquals("a", copy.join());
        assertEquals("ad", future.thenApply(value -> value + "d").join(), "also of one that is done");
    }

    /** A stage does not hold the future before it: only what will end that one does. */
    @Test
    void stageBehindAFutureThatNobodyHoldsStillComes() throws Exception {
        CompletableFuture<Void> all = CompletableFuture.allOf(make());
        var collected = new WeakReference<>(new Object());
        while (!collected.refersTo(null)) {
            System.gc();
        }
        succeed("a");
        assertNull(all.get(LONG_SECONDS, SECONDS));
    }

    @Test
    void limitOfOneFutureIsNotTheOthers() {
        CompletableFuture<String> limited = another().orTimeout(1, MILLISECONDS);
        assertThrows(CompletionException.class, limited::join);
        assertFalse(future.isDone());
    }

    @Test
    void stagesAfterAFailureHaveItWrapped() {
        CompletableFuture<String> mapped = future.thenApply(value -> "never");
        CompletableFuture<Throwable> handled = future.handle((value, e) -> e);
        CompletableFuture<String> recovered = future.exceptionally(Throwable::getMessage);
        CompletableFuture<String> told = future.whenComplete((value, e) -> assertSame(failure, e));
        CompletableFuture<String> recoveredLater = mapped.exceptionally(e -> e.getCause().getMessage());
        fail(failure);
        for (CompletableFuture<?> stage : List.of(mapped, told)) {
            assertSame(failure, assertThrows(CompletionException.class, stage::join).getCause());
            assertFalse(stage.isCancelled());
        }
        assertSame(failure, handled.join());
        assertEquals("no", recovered.join());
        assertEquals("no", recoveredLater.join());
    }

    @Test
    void stagesAfterACancelHaveItAsTheirFailure() {
        CompletableFuture<String> mapped = future.thenApply(value -> "never");
        future.cancel(true);
        assertInstanceOf(
                CancellationException.class,
                assertThrows(CompletionException.class, mapped::join).getCause());
        assertFalse(mapped.isCancelled());
    }

    @Test
    void cancelOfAStageBehindItLeavesItAsItIs() {
        CompletableFuture<String> mapped = future.thenApply(value -> value);
        CompletableFuture<String> copy = future.copy();
        assertTrue(mapped.cancel(true));
        assertTrue(copy.cancel(true));
        assertFalse(future.isDone());
        succeed("a");
        assertEquals("a", future.join());
    }

    @Test
    void limitsEndIt() {
        assertInstanceOf(
                TimeoutException.class,
                assertThrows(CompletionException.class, () -> future.orTimeout(1, MILLISECONDS).join()).getCause());
        assertEquals("b", make().completeOnTimeout("b", 1, MILLISECONDS).join());
    }
}
