package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.Pieces;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that comes while it is written to a child. */
@Tag("full")
@Timeout(60)
final class WorkInPiecesTest {

    private static final int MAX_BYTES = 10_000_000;
    private static final Codec CODEC = new Codec(MAX_BYTES, List.of());

    /** Bytes that come as far as a test lets them. */
    private static final class Held implements Pieces {
        private final byte[] all;
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile int allowed;
        private volatile @Nullable Runnable told;
        private int at;

        Held(byte[] all) {
            this.all = all;
        }

        @Override
        public int size() {
            return all.length;
        }

        @Override
        public void begin(Runnable toTell) {
            told = toTell;
            begun.countDown();
        }

        @Override
        public @Nullable ByteBuffer next() {
            int count = Math.min(allowed - at, 50_000);
            if (count <= 0) {
                return null;
            }
            at += count;
            return ByteBuffer.wrap(all, at - count, count);
        }

        void allow(int bytes) throws InterruptedException {
            begun.await();
            allowed = bytes;
            told.run();
        }
    }

    private static byte[] value() {
        byte[] value = new byte[1_000_000];
        new Random(1).nextBytes(value);
        return value;
    }

    private static byte[] decode(Encoded encoded) {
        return (byte[]) encoded.decode(CODEC, false, WorkInPiecesTest.class.getClassLoader());
    }

    private static ProcessPool pool() {
        return ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(1).withMaxBytes(MAX_BYTES));
    }

    @Test
    void itArrivesAsItWas() throws Exception {
        try (ProcessPool pool = pool()) {
            byte[] value = value();
            var pieces = new Held(CODEC.encode("the value", false, value));
            Encoded sent = Encoded.of(pieces);
            Future<byte[]> future = pool.submit(() -> decode(sent));
            pieces.allow(1);
            pieces.allow(300_000);
            assertFalse(future.isDone());
            pieces.allow(pieces.size());
            assertArrayEquals(value, future.get());
        }
    }

    @Test
    void cancelHalfwayLeavesTheChildAsItIs() throws Exception {
        try (ProcessPool pool = pool()) {
            long child = pool.call(() -> ProcessHandle.current().pid());
            var pieces = new Held(CODEC.encode("the value", false, value()));
            Encoded sent = Encoded.of(pieces);
            Future<byte[]> future = pool.submit(() -> decode(sent));
            pieces.allow(300_000);
            assertTrue(future.cancel(true));
            assertThrows(CancellationException.class, future::get);
            assertEquals(child, pool.call(() -> ProcessHandle.current().pid()).longValue());
            byte[] value = value();
            var others = new Held(CODEC.encode("the value", false, value));
            Encoded next = Encoded.of(others);
            Future<byte[]> second = pool.submit(() -> decode(next));
            others.allow(others.size());
            assertArrayEquals(value, second.get());
            assertEquals(0, pool.statistics().died());
        }
    }

    @Test
    void childThatCannotReadItTakesItToItsEnd() throws Exception {
        try (ProcessPool pool = pool()) {
            byte[] junk = new byte[1_000_000];
            junk[0] = 99;
            var pieces = new Held(junk);
            Encoded sent = Encoded.of(pieces);
            Future<byte[]> future = pool.submit(() -> decode(sent));
            pieces.allow(500_000);
            pieces.allow(pieces.size());
            assertThrows(ExecutionException.class, future::get);
            assertEquals(7, pool.call(() -> 7));
            assertEquals(0, pool.statistics().died());
        }
    }

    /** A child whose memory has room for the value once. */
    private static ProcessPool narrow() {
        return ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(1)
                .withMaxBytes(100_000_000)
                .withJvmArguments("-Xmx64m"));
    }

    @Test
    void itIsInTheChildsMemoryOnce() throws Exception {
        var codec = new Codec(100_000_000, List.of());
        try (ProcessPool pool = narrow()) {
            byte[] value = new byte[36_000_000];
            value[35_999_999] = 1;
            byte[] less = new byte[1_000_000];
            assertEquals(1_000_000, pool.call(() -> less.length)); // what decodes is loaded
            for (int i = 0; i < 3; i++) {
                var pieces = new Held(codec.encode("the value", false, value));
                Encoded sent = Encoded.of(pieces);
                Future<Byte> future = pool.submit(() -> decode(sent)[35_999_999]);
                pieces.allow(pieces.size());
                assertEquals((byte) 1, future.get());
            }
        }
    }

    @Test
    void longArgumentIsInTheChildsMemoryOnce() {
        try (ProcessPool pool = narrow()) {
            byte[] value = new byte[36_000_000];
            value[35_999_999] = 1;
            int[] numbers = new int[9_000_000];
            numbers[8_999_999] = 2;
            for (int i = 0; i < 3; i++) {
                assertEquals((byte) 1, pool.call(() -> value[35_999_999]));
                assertEquals(2, pool.call(() -> numbers[8_999_999]));
            }
        }
    }

    @Test
    void childThatDiesHalfwayFailsIt() throws Exception {
        try (ProcessPool pool = pool()) {
            long child = pool.call(() -> ProcessHandle.current().pid());
            var pieces = new Held(CODEC.encode("the value", false, value()));
            Encoded sent = Encoded.of(pieces);
            Future<byte[]> future = pool.submit(() -> decode(sent));
            pieces.allow(300_000);
            assertTrue(ProcessHandle.of(child).orElseThrow().destroyForcibly());
            assertTrue(assertThrows(ExecutionException.class, future::get).getCause() instanceof WorkerDiedException);
        }
    }
}
