package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.junit.jupiter.api.Test;

/**
 * A record is made or read in one piece, also where the JDK's engine meets a lock that others of its context have, such
 * as that of random numbers: nobody of the loop comes in between and lets go of the buffers.
 */
final class TlsSharedLockTest {

    private static final byte[] RECORD = {23, 3, 3, 0, 2, 'o', 'k'};

    private final Object lock = new Object();
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final AtomicReference<Thread> loop = new AtomicReference<>();

    private void compute() {
        order.add("begins");
        loop.set(VirtualThreads.currentCarrier());
        synchronized (lock) {
            order.add("ends");
        }
    }

    /** What the engine and another task do while another thread has the lock, until that stops the loop or the task. */
    private List<String> order(Step step) throws Exception {
        var taken = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            synchronized (lock) {
                taken.countDown();
                while (!order.contains("another") && !isHeld(loop.get())) {
                    Thread.onSpinWait();
                }
            }
        });
        taken.await();
        Heddle.run(() -> Heddle.group(group -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            var transport = new TlsTransport(pair.left().transport(), new JdkTlsEngine(new Engine()),
                    Duration.ofSeconds(5));
            transport.handshake();
            pair.right().write(RECORD);
            group.spawn(() -> step.with(transport));
            group.spawn(() -> {
                order.add("another");
            });
        }));
        holder.join();
        return order;
    }

    private interface Step {
        void with(TlsTransport transport);
    }

    private static boolean isHeld(Thread loop) {
        return loop != null && loop.getState() == Thread.State.BLOCKED;
    }

    @Test
    void recordIsMadeInOnePiece() throws Exception {
        assertEquals(List.of("begins", "ends", "another"), order(transport -> transport.tryWrite(
                ByteBuffer.wrap(RECORD))));
    }

    @Test
    void recordIsReadInOnePiece() throws Exception {
        assertEquals(List.of("begins", "ends", "another"), order(transport -> transport.tryRead(
                ByteBuffer.allocate(100))));
    }

    /** Takes records for their own content. */
    private final class Engine extends AgreedEngine {

        @Override
        public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
            compute();
            return moved(sources[offset], target);
        }

        @Override
        public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
            compute();
            return moved(source, targets[offset]);
        }

        private static SSLEngineResult moved(ByteBuffer from, ByteBuffer to) {
            int count = from.remaining();
            to.put(from);
            return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, count, count);
        }
    }
}
