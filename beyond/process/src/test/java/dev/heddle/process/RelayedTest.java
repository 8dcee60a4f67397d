package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Outcome;
import dev.heddle.Waiter;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Pieces;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A body of another pool is done by a child of this one, and its answer comes back as it was given. */
@Tag("full")
@Timeout(60)
final class RelayedTest {

    private static final int MAX_BYTES = 100_000;

    /** The other pool's. */
    private static final Marshaller OTHER = Marshaller.of(MAX_BYTES, List.of());

    private static Output encode(RemoteCallable<?> body) {
        return OTHER.encode("the body", new Work(body, List.of(), List.of()));
    }

    private static ProcessPool pool() {
        return ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(1).withMaxBytes(10 * MAX_BYTES));
    }

    private static BodyFuture<?> relay(ProcessPool pool, Encoded work) {
        return (BodyFuture<?>) pool.submit(new Relayed("a body of another", work, MAX_BYTES, 2, "there"));
    }

    private static Frame answer(BodyFuture<?> future) {
        var ended = new Waiter("the answer");
        future.onEnd(ended::complete);
        ended.await();
        Frame frame = future.frame();
        assertTrue(frame != null, () -> "no answer, but " + future.outcome());
        return frame;
    }

    private static @Nullable Object result(BodyFuture<?> future) throws Throwable {
        return OTHER.decode(answer(future), "the child");
    }

    @Test
    void bodyKnowsItsTryAndItsNode() throws Throwable {
        Output work = encode(() -> Relayed.NODE.get() + Relayed.ATTEMPT.get());
        try (ProcessPool pool = pool()) {
            assertEquals("there2", result(relay(pool, Encoded.of(work))));
            byte[] bytes = work.toBytes();
            assertEquals("there2", result(relay(pool, Encoded.of(bytes, 0, bytes.length))));
            assertTrue(pool.call(() -> !Relayed.NODE.isBound()), "a body of the pool itself has none");
        }
    }

    @Test
    void failureComesBackAsItWasGiven() {
        try (ProcessPool pool = pool()) {
            BodyFuture<?> future = relay(pool, Encoded.of(encode(() -> {
                throw new IllegalArgumentException("no");
            })));
            assertEquals(MessageKind.FAILURE, answer(future).kind());
            var failure = assertThrows(IllegalArgumentException.class, () -> result(future));
            assertEquals("no", failure.getMessage());
        }
    }

    @Test
    void resultIsBoundedByTheOtherPool() throws Throwable {
        try (ProcessPool pool = pool()) {
            assertEquals(
                    MessageKind.TOO_LONG, answer(relay(pool, Encoded.of(encode(() -> new byte[MAX_BYTES])))).kind());
            assertEquals(MAX_BYTES, pool.call(() -> new byte[MAX_BYTES]).length, "its own are not");
        }
    }

    @Test
    void longBodyComesWhileItIsWritten() throws Throwable {
        byte[] value = new byte[MAX_BYTES / 2];
        value[value.length - 1] = 7;
        byte[] work = encode(() -> value).toBytes();
        try (ProcessPool pool = pool()) {
            assertArrayEquals(value, (byte[]) result(relay(pool, Encoded.of(new Pieces() {
                private int at;

                @Override
                public int size() {
                    return work.length;
                }

                @Override
                public void begin(Runnable told) {}

                @Override
                public ByteBuffer next() {
                    int from = at;
                    at = Math.min(work.length, from + 7_000);
                    return ByteBuffer.wrap(work, from, at - from);
                }
            }))));
        }
    }

    @Test
    void oneThatIsGivenUpIsInterrupted(@TempDir Path folder) throws Exception {
        String begun = folder.resolve("begun").toString();
        try (ProcessPool pool = pool()) {
            BodyFuture<?> running = relay(pool, Encoded.of(encode(() -> {
                Files.createFile(Path.of(begun));
                Thread.sleep(60_000);
                return "slept";
            })));
            BodyFuture<?> waiting = relay(pool, Encoded.of(encode(() -> "never")));
            waiting.giveUp();
            assertInstanceOf(Outcome.Cancelled.class, waiting.outcome());
            assertNull(waiting.frame());
            while (!Files.exists(Path.of(begun))) {
                Thread.onSpinWait();
            }
            running.giveUp();
            assertThrows(InterruptedException.class, () -> result(running));
        }
    }

    @Test
    void poolThatIsShutDownRefuses() {
        ProcessPool pool = pool();
        pool.shutdown();
        assertThrows(RejectedExecutionException.class, () -> relay(pool, Encoded.of(encode(() -> 1))));
    }
}
