package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What io_uring's buffers do when there are too few, when nobody reads, and at the end. */
final class UringPressureTest {

    /** Its engine, kept to look at. */
    private final UringEngine engine = new UringEngine();

    private void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(() -> engine), body);
    }

    private UringResources resources() {
        return engine.resources();
    }

    private record Pair(ByteStream left, ByteStream right) {
        void close() {
            left.abort();
            right.abort();
        }
    }

    private static Pair connect(Listener listener) {
        return new Pair(Tcp.connect("127.0.0.1", listener.port()), listener.accept());
    }

    private static byte[] noise(int count) {
        byte[] noise = new byte[count];
        new Random(count).nextBytes(noise);
        return noise;
    }

    @Test
    void connectionThatNobodyReadsHoldsAFewBuffersOnly() {
        run(() -> {
            byte[] sent = noise(8 * 1024 * 1024);
            try (Listener listener = Tcp.listen(0)) {
                Pair pair = connect(listener);
                // One byte makes it receive.
                pair.left.write(new byte[]{1});
                pair.right.readExactly(1);
                Task<Void> writer = Heddle.spawn(() -> pair.left.write(sent));
                for (int i = 0; i < 20; i++) {
                    Heddle.sleep(Duration.ofMillis(5));
                    assertTrue(resources().buffers.inUse() <= UringInput.MAX_HELD + ProvidedBuffers.COUNT / 4);
                }
                assertFalse(writer.isDone(), "the writer waits for the reader");

                assertArrayEquals(sent, pair.right.readExactly(sent.length));

                writer.join();
                pair.close();
            }
        });
    }

    @Test
    void whenSlowReadersHoldAllBuffersTheOthersStillRead() {
        run(() -> {
            int slow = ProvidedBuffers.COUNT / UringInput.MAX_HELD;
            List<Pair> pairs = new ArrayList<>();
            try (Listener listener = Tcp.listen(0)) {
                for (int i = 0; i < slow; i++) {
                    Pair pair = connect(listener);
                    pairs.add(pair);
                    pair.left.write(new byte[]{1});
                    pair.right.readExactly(1);
                }
                // All buffers in the ring: a connection that finds none before would stop receiving until it is read.
                while (resources().buffers.grow()) {
                    assertEquals(0, resources().buffers.inUse());
                }
                // One small message after the other, so that each takes a buffer of its own.
                for (int round = 1; round <= UringInput.MAX_HELD; round++) {
                    byte[] message = {(byte) round};
                    pairs.forEach(pair -> pair.left.write(message));
                    for (int i = 0; resources().buffers.inUse() < slow * round; i++) {
                        assertTrue(i < 1_000, "the messages did not arrive: " + resources().buffers.inUse());
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                }
                assertEquals(ProvidedBuffers.COUNT, resources().buffers.inUse());

                Pair other = connect(listener);
                byte[] message = noise(100_000);
                for (int i = 0; i < 20; i++) {
                    Task<byte[]> reader = Heddle.spawn(() -> other.right.readExactly(message.length));
                    other.left.write(message);
                    assertArrayEquals(message, reader.join());
                }
                other.left.close();
                assertEquals(-1, other.right.read(new byte[1]));
                other.right.close();

                for (Pair pair : pairs) {
                    byte[] read = pair.right.readExactly(UringInput.MAX_HELD);
                    for (int i = 0; i < read.length; i++) {
                        assertEquals(i + 1, read[i]);
                    }
                    pair.close();
                }
                for (int i = 0; resources().buffers.inUse() > 0; i++) {
                    assertTrue(i < 1_000, "buffers were not given back: " + resources().buffers.inUse());
                    Heddle.sleep(Duration.ofMillis(1));
                }
            }
        });
    }

    @Test
    void bulkAndSmallMessagesTakeTurnsAndTheEndComesAfterBoth() {
        run(() -> {
            byte[] bulk = noise(100_000);
            byte[] small = noise(10);
            try (Listener listener = Tcp.listen(0)) {
                for (int round = 0; round < 10; round++) {
                    Pair pair = connect(listener);
                    for (int turn = 0; turn < 3; turn++) {
                        Task<byte[]> reader = Heddle.spawn(() -> pair.right.readExactly(bulk.length));
                        pair.left.write(bulk);
                        assertArrayEquals(bulk, reader.join());
                        // More than it takes until small messages are received into buffers again.
                        for (int i = 0; i < 40; i++) {
                            pair.left.write(small);
                            assertArrayEquals(small, pair.right.readExactly(small.length));
                        }
                    }
                    Task<byte[]> rest = Heddle.spawn(() -> pair.right.readAll(bulk.length + small.length));
                    pair.left.write(bulk);
                    pair.left.write(small);
                    pair.left.close();
                    assertEquals(bulk.length + small.length, rest.join().length);
                    pair.right.close();
                }
            }
        });
    }

    @Test
    void manySmallWritesOfATurnAreOneMessage() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Pair pair = connect(listener);
                for (int i = 0; i < 1_000; i++) {
                    pair.left.write(new byte[]{(byte) i});
                }
                byte[] read = pair.right.readExactly(1_000);
                for (int i = 0; i < 1_000; i++) {
                    assertEquals((byte) i, read[i]);
                }
                pair.close();
            }
        });
    }

    @Test
    void messageIsStillSentAfterClosing() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                for (int size : new int[]{1, 4_096, 4_097, 100_000}) {
                    Pair pair = connect(listener);
                    byte[] message = noise(size);
                    Task<Void> writer = Heddle.spawn(() -> {
                        pair.left.write(message);
                        pair.left.close();
                    });
                    assertArrayEquals(message, pair.right.readAll(size));
                    writer.join();
                    pair.right.close();
                }
                assertEquals(0, resources().blocks.borrowed());
            }
        });
    }

    @Test
    void peerThatDoesNotReadGetsTheRestAfterClosing() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Pair pair = connect(listener);
                int written = fill(pair.left);
                // Behind a full socket: the ring waits for room with these.
                int small = pair.left.transport().tryWrite(ByteBuffer.wrap(new byte[100]));
                pair.left.close();
                Heddle.sleep(Duration.ofMillis(5));

                assertEquals(written + small, pair.right.readAll(Integer.MAX_VALUE - 8).length);
                pair.right.close();
            }
        });
    }

    /** Writes until the system takes no more. */
    private static int fill(ByteStream stream) {
        int written = 0;
        ByteBuffer much = ByteBuffer.allocateDirect(60_000);
        for (int refused = 0; refused < 20;) {
            int count = stream.transport().tryWrite(much.clear());
            written += count;
            refused = count == 0 ? refused + 1 : 0;
            Heddle.checkpoint();
        }
        return written;
    }

    @Test
    void abortWithAMessageUnderWayResetsAtOnceAndGivesTheBlockBack() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                for (int i = 0; i < 20; i++) {
                    Pair pair = connect(listener);
                    fill(pair.left);
                    pair.left.transport().tryWrite(ByteBuffer.wrap(new byte[100]));
                    pair.left.abort();

                    assertThrows(BrokenException.class, () -> pair.right.readAll(Integer.MAX_VALUE - 8));
                    pair.right.close();
                }
                assertEquals(0, resources().blocks.borrowed());
            }
        });
    }

    @Test
    @Tag("full")
    void endOfTheEngineWithEverythingUnderWayLeavesNothing() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = -1;
        for (int round = 0; round < 30; round++) {
            Heddle.run(Config.DEFAULT.withEngine(UringEngine::new), () -> {
                Listener listener = Tcp.listen(0);
                for (int i = 0; i < 10; i++) {
                    Pair pair = connect(listener);
                    Heddle.spawn(() -> pair.left.write(new byte[10_000_000]));
                    Heddle.spawn(() -> pair.left.read(new byte[1]));
                    pair.right.transport().tryRead(ByteBuffer.allocate(1));
                    Pair closing = connect(listener);
                    fill(closing.left);
                    closing.left.transport().tryWrite(ByteBuffer.wrap(new byte[100]));
                    closing.left.close();
                }
                Heddle.spawn(listener::accept);
                Heddle.checkpoint();
            });
            if (round == 4) {
                before = system.getOpenFileDescriptorCount();
            }
        }
        assertTrue(system.getOpenFileDescriptorCount() <= before + 2, "descriptors are left");
    }

    @Test
    void crowdThatIsReadyAtOnceIsServed() {
        run(() -> {
            int crowd = 3_000;
            List<Pair> pairs = new ArrayList<>();
            try (Listener listener = Tcp.listen(0)) {
                for (int i = 0; i < crowd; i++) {
                    pairs.add(connect(listener));
                }
                List<Task<byte[]>> readers = new ArrayList<>();
                for (Pair pair : pairs) {
                    readers.add(Heddle.spawn(() -> pair.right.readExactly(100)));
                }
                for (Pair pair : pairs) {
                    pair.left.write(noise(100));
                }
                for (Task<byte[]> reader : readers) {
                    assertArrayEquals(noise(100), reader.join());
                }
                pairs.forEach(Pair::close);
            }
        });
    }
}
