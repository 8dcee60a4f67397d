package dev.heddle.process.internal.work;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.RemotePool;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How bodies are encoded for who has them done. */
final class RemoteExecutorTest {

    /** What was to be done; nothing is. */
    private final List<Output> given = new ArrayList<>();

    private final Marshaller marshaller = Marshaller.of(1_000_000, List.of());

    private final RemoteExecutor bodies = new RemoteExecutor(marshaller, List.of(), Event.named("the end")) {

        @Override
        protected int width() {
            return 1;
        }

        @Override
        protected <T> BodyFuture<T> future(Class<?> body, Output work, Function<@Nullable Object, T> result) {
            given.add(work);
            return new BodyFuture<>(work, marshaller, result) {
                @Override
                protected void unwanted(boolean hurry) {}

                @Override
                protected Object waitedFor() {
                    return this;
                }
            };
        }

        @Override
        protected boolean put(BodyFuture<?> future, boolean wait) {
            future.fail(new IllegalStateException("nothing is done here"));
            return true;
        }

        @Override
        protected void putUnbounded(BodyFuture<?> future) {
            put(future, true);
        }

        @Override
        protected boolean isRoomy() {
            return true;
        }

        @Override
        protected void hurry() {}

        @Override
        public RemotePool retrying(int attempts) {
            return this;
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }
    };

    private boolean isIn(byte[] array) {
        return given.getLast().buffers().stream().anyMatch(each -> each.array() == array);
    }

    @Test
    void callThatWaitsCopiesNoLongArray() {
        byte[] much = new byte[100_000];
        assertThrows(IllegalStateException.class, () -> bodies.call(() -> much.length));
        assertTrue(isIn(much));
        assertThrows(IllegalStateException.class, () -> bodies.run(() -> much[0] = 1));
        assertTrue(isIn(much));
    }

    @Test
    void bodyThatNobodyWaitsForHasItsArraysAsTheyWereWhenItWasSubmitted() {
        byte[] much = new byte[100_000];
        Future<Integer> submitted = bodies.submit(() -> much.length);
        assertFalse(isIn(much));
        assertTrue(submitted.isDone());
        assertFalse(bodies.supplyAsync(() -> much.length).isCancelled());
        assertFalse(isIn(much));
    }
}
